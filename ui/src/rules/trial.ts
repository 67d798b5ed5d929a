import type { Title } from "./ruleset";

/** What one rule does to a temperature, as the API tells it. */
interface Contribution {
  rule: string;
  title?: Title;
  events: number;
  last_at: string;
  energy: number;
}

/** What one rule does by the rules in force and by those that are tried, in points; 0 for nothing. */
export interface Part {
  rule: string;
  title?: Title;
  events: number;
  lastAt: string;
  live: number;
  tried: number;
}

/** The rules that do something in either set, the strongest first. */
export function sideBySide(live: object[], tried: object[]): Part[] {
  const [old, now] = [live, tried].map(
    (side) => new Map((side as Contribution[]).map((one) => [one.rule, one])),
  );
  const names = new Set([...(now?.keys() ?? []), ...(old?.keys() ?? [])]);
  const found = [...names].flatMap((rule): Part[] => {
    const [was, is] = [old?.get(rule), now?.get(rule)];
    const told = is ?? was;
    if (!told) return [];
    const { title, events, last_at: lastAt } = told;
    return [{ rule, title, events, lastAt, live: was?.energy ?? 0, tried: is?.energy ?? 0 }];
  });
  const strength = ({ live: a, tried: b }: Part) => Math.max(Math.abs(a), Math.abs(b));
  return found.sort((one, other) => strength(other) - strength(one));
}
