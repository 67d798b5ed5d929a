import { Input } from "antd";
import { useId } from "react";

/** What something is called, and what it is for. */
export interface Called {
  name: string;
  description: string;
}

interface Shown {
  called: Called;
  /** What the two fields are called. */
  labels: Called;
  /** So long a description may be. */
  most: number;
  change: (called: Called) => void;
}

/** The fields of a name and of what it means. */
export function CalledFields({ called, labels, most, change }: Shown) {
  const id = useId();
  return (
    <>
      <label htmlFor={`${id}-name`}>{labels.name}</label>
      <Input
        id={`${id}-name`}
        value={called.name}
        maxLength={100}
        autoComplete="off"
        onChange={({ target }) => change({ ...called, name: target.value })}
      />
      <label htmlFor={`${id}-why`}>{labels.description}</label>
      <Input.TextArea
        id={`${id}-why`}
        value={called.description}
        maxLength={most}
        autoSize={{ minRows: 1, maxRows: 4 }}
        onChange={({ target }) => change({ ...called, description: target.value })}
      />
    </>
  );
}
