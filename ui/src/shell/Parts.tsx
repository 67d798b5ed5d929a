import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";

interface Part {
  key: string;
  label: string;
  content: ReactNode;
}

interface Shown {
  label: string;
  parts: Part[];
  now: string;
  /** What stands in the address for a part. */
  search: (key: string) => Record<string, string | undefined>;
}

/** A page in parts, one at a time; each part has its own address. */
export function Parts({ label, parts, now, search }: Shown) {
  const row = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another part is marked then.
  useEffect(() => {
    const marked = row.current?.querySelector<HTMLElement>("[aria-current]");
    // The names may be wider than a phone; the page itself stays where it is.
    if (marked) row.current?.scrollTo({ left: marked.offsetLeft - marked.offsetWidth });
  }, [now]);
  return (
    <>
      <nav ref={row} className="parts" aria-label={label}>
        {parts.map(({ key, label: name }) => (
          <Link
            key={key}
            to={"." as never}
            search={search(key) as never}
            replace
            resetScroll={false}
            activeOptions={{ exact: true, includeSearch: true }}
          >
            {name}
          </Link>
        ))}
      </nav>
      {parts.find((part) => part.key === now)?.content}
    </>
  );
}
