import type { Clicks } from "../../script/layer";
import type { Answer, Table } from "./asked";

/** Fewer people than these are not told on a page of others. */
export const FEWEST = 5;
/** What the window is called that shows clicks; the script for web pages knows it by this. */
export const WINDOW = "hs-clicks";

/** Words and numbers as they are shown. */
export interface Said {
  title: string;
  period: string;
  sums: (clicks: number, views: number) => string;
  /** Said alone where too few were there. */
  few: string;
  withheld: (count: number) => string;
  missing: string;
  close: string;
  count: (value: number) => string;
  seen: (share: number) => string;
}

type Asked = Pick<Answer, "tables" | "figures">;

function columnOf(table: Table | undefined, name: string): unknown[] {
  const at = table?.columns.findIndex((one) => one.name === name) ?? -1;
  return table?.rows.map((row) => row[at]) ?? [];
}

/** What an answer tells on the page itself: elements, and how far it was seen. */
export function clicksOf({ tables, figures }: Asked, said: Said): Clicks {
  const { title, missing, close } = said;
  const few = Number(figures.people ?? 0) < FEWEST;
  if (few) return { title, missing, close, notes: [said.few, said.period], marks: [], depths: [] };
  const named = (name: string) => tables.find((one) => one.name === name);
  const elements = named("elements");
  const [names, clicks, people] = ["selector", "clicks", "people"].map((one) =>
    columnOf(elements, one),
  );
  const all = (names ?? []).map((selector, at) => ({
    selector,
    clicks: Number(clicks?.[at] ?? 0),
    people: Number(people?.[at] ?? 0),
  }));
  const told = all.filter((one) => typeof one.selector === "string" && one.people >= FEWEST);
  // What was clicked in the compared period only is not there to be withheld.
  const withheld = all.filter((one) => one.clicks > 0).length - told.length;
  const most = Math.max(...told.map((one) => one.clicks), 1);
  const scroll = named("scroll");
  const views = columnOf(scroll, "views");
  const reached = columnOf(scroll, "reached");
  const depths = columnOf(scroll, "depth").flatMap((at, row) =>
    Number(views[row]) >= FEWEST
      ? [{ at: Number(at), label: said.seen(Number(reached[row])) }]
      : [],
  );
  // The clicks of what is left out are in no sum, or the sum would tell them.
  const sum = told.reduce((sum, one) => sum + one.clicks, 0);
  const sums = said.sums(sum, Number(figures.views ?? 0));
  return {
    title,
    notes: [sums, said.period, ...(withheld > 0 ? [said.withheld(withheld)] : [])],
    missing,
    close,
    marks: told.map((one) => ({
      selector: String(one.selector),
      label: said.count(one.clicks),
      part: one.clicks / most,
    })),
    depths,
  };
}

/** The address at which the page that is looked at most was seen; empty where none was told. */
export function addressOf({ tables }: Pick<Answer, "tables">): string {
  const pages = tables.find((one) => one.name === "pages");
  return String(columnOf(pages, "address").find(Boolean) ?? "");
}

/** The origin of an address that can be opened; nothing where it is none. */
export function originOf(address: string): string | undefined {
  try {
    const { origin, protocol } = new URL(address);
    return /^https?:$/.test(protocol) ? origin : undefined;
  } catch {
    return undefined;
  }
}

/** The path of which a page asks for clicks; nothing where it asks for something else. */
export function pathAsked(data: unknown): string | undefined {
  const { hotspring, path } = (data ?? {}) as { hotspring?: unknown; path?: unknown };
  return hotspring === "clicks" && typeof path === "string" ? path : undefined;
}
