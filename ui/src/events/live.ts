import type { components } from "../api/schema";

type Arrival = components["schemas"]["Arrival"];

/** An event with a number of its own, by which it keeps its place while others come. */
export type Numbered = Arrival & { number: number };

export interface Seen {
  items: Numbered[];
  cursor: string;
  /** So many came that are not shown. */
  skipped: number;
  count: number;
}

const MOST = 300;

/** What was seen so far, with what came since; the newest first. */
export function joined(
  before: Seen | undefined,
  came: { items: Arrival[]; cursor: string; skipped: number },
): Seen {
  const first = before?.count ?? 0;
  const count = first + came.items.length;
  const fresh = came.items.map((item, place) => ({ ...item, number: count - place }));
  return {
    items: [...fresh, ...(before?.items ?? [])].slice(0, MOST),
    cursor: came.cursor,
    skipped: (before?.skipped ?? 0) + came.skipped,
    count,
  };
}

/** JSON with indents; anything else as it stands. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
