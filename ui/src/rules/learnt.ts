import type { components } from "../api/schema";
import { BANDS, type Band } from "../shell/theme";
import { type RuleSet, same } from "./ruleset";

export type CalibrationJob = components["schemas"]["CalibrationJob"];
type Difference = components["schemas"]["Difference"];

export interface Group {
  profiles: number;
  reached: number;
  rate: number | null;
}

export interface Weight {
  rule: string;
  event: string;
  /** By ln(1 + amount). */
  amount: boolean;
  points: number;
  half_life_days: number;
  cap: number | null;
  /** The temperature of somebody with one such event alone, °C. */
  alone: number;
}

/** What a calibration found, as far as the page shows it. */
export interface Found {
  goal: string;
  horizon_days: number;
  cut: string;
  learnt_at: string;
  share: number;
  /** The share that is hot at the cut. */
  hot: number;
  learning: Group;
  test: Group;
  auc: Record<string, number>;
  auc_error: number;
  auc_in_force: number;
  bands: Record<Band, number | null>;
  band_profiles: Record<Band, number>;
  bands_in_force: Record<Band, Group>;
  weights: Weight[];
  without_weight: string[];
  kept: string[];
  dropped: string[];
  rules: RuleSet;
}

/** What the learnt temperature is measured against. */
export const RIVALS = ["recency", "frequency", "rfm", "boosting"] as const;

/** Fewer people than these who reached the goal leave much to chance. */
const FEW = 200;
/** A band of fewer people than these has a rate that says little. */
const SMALL_BAND = 20;

/** How does the learnt temperature stand beside another figure, its standard error minded? */
export function standing(found: Found, other: number): "better" | "level" | "worse" {
  const gain = (found.auc.temperature ?? 0) - other;
  if (Math.abs(gain) <= found.auc_error) return "level";
  return gain > 0 ? "better" : "worse";
}

/** The strongest of the others, and its figure. */
export function bestRival(found: Found): [(typeof RIVALS)[number], number] {
  const figures = RIVALS.map((name) => [name, found.auc[name] ?? 0] as const);
  const best = figures.reduce((one, other) => (other[1] > one[1] ? other : one));
  return [best[0], best[1]];
}

export type Doubt = "thin" | "coin" | "behind" | "force" | "uneven";

/** What speaks against taking these rules over. */
export function doubts(found: Found): Doubt[] {
  const told: Doubt[] = [];
  if (Math.min(found.test.reached, found.learning.reached) < FEW) told.push("thin");
  if ((found.auc.temperature ?? 0) - 0.5 < 2 * found.auc_error) told.push("coin");
  if (standing(found, bestRival(found)[1]) === "worse") told.push("behind");
  if (standing(found, found.auc_in_force) === "worse") told.push("force");
  const rates = BANDS.filter((band) => found.band_profiles[band] >= SMALL_BAND).map(
    (band) => found.bands[band] ?? 0,
  );
  if (rates.some((rate, at) => at > 0 && rate > (rates[at - 1] ?? 1))) told.push("uneven");
  return told;
}

const USUAL: Record<string, unknown> = { amount: false, cap: null, conditions: [] };
const SET = ["title", "e_half", "currency", "rates"] as const;

/** What must be said to make `after` of `before`, as the API tells it of two versions. */
export function differences(before: RuleSet, after: RuleSet): Difference[] {
  const found: Difference[] = [];
  const whole = differing({ ...before }, { ...after }, SET);
  if (Object.keys(whole).length > 0) found.push({ rule: "", change: "changed", fields: whole });
  const [old, now] = [before, after].map(
    (set) => new Map(set.rules.map(({ id, ...rest }) => [id, { ...USUAL, ...rest }])),
  );
  for (const rule of new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])) {
    const [one, other] = [old?.get(rule), now?.get(rule)];
    const fields = differing(one ?? {}, other ?? {});
    const change = !one ? "added" : other ? "changed" : "removed";
    if (Object.keys(fields).length > 0) found.push({ rule, change, fields });
  }
  return found;
}

function differing(
  one: Record<string, unknown>,
  other: Record<string, unknown>,
  names: readonly string[] = [...new Set([...Object.keys(one), ...Object.keys(other)])],
): Record<string, unknown[]> {
  const pairs = names.map((name): [string, unknown[]] => [
    name,
    [one[name] ?? null, other[name] ?? null],
  ]);
  return Object.fromEntries(pairs.filter(([, [was, is]]) => !same(was, is)));
}
