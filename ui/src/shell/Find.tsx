import { Input } from "antd";

interface Shown {
  /** What may be looked for. */
  label: string;
  /** As it stands in the address. */
  q: string;
  find: (q: string) => void;
}

/** Looks for some of a list; what is written counts once it is done. */
export function Find({ label, q, find }: Shown) {
  return (
    <Input.Search
      key={q}
      className="find"
      defaultValue={q}
      allowClear
      aria-label={label}
      placeholder={label}
      onSearch={(next) => find(next.trim())}
    />
  );
}
