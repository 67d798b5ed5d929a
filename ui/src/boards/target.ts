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
