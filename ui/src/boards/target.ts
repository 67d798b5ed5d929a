import type { Answer } from "../analytics/asked";
import type { Body } from "../analytics/parameters";
import type { Card } from "./arrange";

export type Target = NonNullable<Card["target"]>;

const DAY_MS = 86_400_000;
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** The same question of the period as long that ends where that of an answer begins. */
export function before(asked: Body, answer: Pick<Answer, "from" | "until">): Body {
  const [first, last] = [Date.parse(answer.from), Date.parse(answer.until)];
  const length = last - first + DAY_MS;
  return { ...asked, from: day(first - length), until: day(first - DAY_MS) };
}

export interface Reached {
  goal: number;
  /** How much more there is than the goal. */
  over: number;
  /** Of the goal; nothing where it is 0. */
  share?: number;
  met: boolean;
}

/** How far a figure is from its target; nothing while one of them is not known. */
export function reached(
  value: number | null | undefined,
  target: Target,
  earlier: number | null | undefined,
): Reached | undefined {
  const based =
    earlier === null || earlier === undefined ? undefined : earlier * (1 + (target.change ?? 0));
  const goal = target.value ?? based;
  if (value === null || value === undefined || goal === undefined) return undefined;
  const met = target.less ? value <= goal : value >= goal;
  return { goal, over: value - goal, share: goal === 0 ? undefined : value / goal, met };
}

/** The least days that tell what is usual. */
const LEAST = 4;
const WEEK_MS = 7 * DAY_MS;

/** The same question of the last day that is over, and of the same weekday so many weeks before. */
export function weekdays(
  asked: Body,
  { until, as_of, timezone }: Pick<Answer, "until" | "as_of" | "timezone">,
  weeks: number,
): Body[] {
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone }).format(new Date(as_of));
  const over = Date.parse(today) - DAY_MS;
  const last = Math.min(Date.parse(until), over);
  return Array.from({ length: weeks + 1 }, (_, back) => {
    const one = day(last - back * WEEK_MS);
    return { ...asked, from: one, until: one };
  });
}

const median = (values: number[]) => {
  const sorted = values.toSorted((one, other) => one - other);
  const at = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[at - 1] ?? Number.NaN, sorted[at] ?? Number.NaN];
  return sorted.length % 2 ? high : (low + high) / 2;
};

export interface Usual {
  low: number;
  high: number;
}

/** Between which values most days lie; nothing where too few are known.
 *
 * 3.5 modified z-scores about the median (Iglewicz and Hoaglin, How to Detect and Handle Outliers,
 * 1993), and a tenth of it at least: days that were all alike make no alarm of a small change. */
export function usual(values: (number | null | undefined)[]): Usual | undefined {
  const known = values.filter((one): one is number => typeof one === "number");
  if (known.length < LEAST) return undefined;
  const middle = median(known);
  const spread = median(known.map((one) => Math.abs(one - middle)));
  const half = Math.max((3.5 * spread) / 0.6745, Math.abs(middle) / 10);
  // What never was below nothing is not expected there.
  const least = Math.min(...known) < 0 ? Number.NEGATIVE_INFINITY : 0;
  return { low: Math.max(middle - half, least), high: middle + half };
}
