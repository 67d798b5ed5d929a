import type { Body, Condition, Kind, LeafKey, Vocabulary } from "./leaves";
import { choices, fitting } from "./questions";

/** What one adds to a rule: a leaf, or a leaf that is already filled in in part. */
export const KINDS = [
  "behaviour",
  "sequence",
  "spent",
  "first_seen",
  "last_seen",
  "band",
  "temperature",
  "next_band",
  "trait",
  "tag",
  "score",
  "tier",
  "lifecycle",
  "segment",
  "district",
  "trade_area",
  "near",
  "identifier",
  "consent",
] as const;
export type Added = (typeof KINDS)[number];

/** What they are sorted under where one chooses. */
export const SORTS: Record<string, Added[]> = {
  does: ["behaviour", "sequence", "spent", "first_seen", "last_seen"],
  heat: ["band", "temperature", "next_band"],
  facts: ["trait", "tag", "score", "tier", "lifecycle", "segment"],
  place: ["district", "trade_area", "near"],
  contact: ["identifier", "consent"],
};

const BUYING = "Order Completed";

/** Is there anything in this pool that this could name? */
export function offered(what: Added, there: Vocabulary): boolean {
  const some = (names: object | undefined) => Object.keys(names ?? {}).length > 0;
  const needs: Partial<Record<Added, boolean>> = {
    spent: there.currencies.length > 0,
    trait: some(there.traits),
    tag: some(there.tags),
    score: some(there.scores),
    tier: some(there.schemes),
    lifecycle: there.lifecycle === true,
    segment: some(there.segments),
    trade_area: some(there.areas),
    near: some(there.outlets),
    identifier: some(there.identifiers),
    consent: some(there.purposes),
  };
  return needs[what] ?? true;
}

/** The usual event: a purchase where there are any. */
export function usualEvent({ events }: Vocabulary): string {
  return BUYING in events ? BUYING : (Object.keys(events)[0] ?? "");
}

const LAST_DAYS = { from: { ago: 30, unit: "day" } };

/** A question of a kind that was never asked: what is usual is filled in. */
export function blank(what: Added, there: Vocabulary): { is: LeafKey; body: Body } {
  const event = usualEvent(there);
  const behaviour = (body: Body) => ({ is: "behaviour" as const, body });
  if (what === "first_seen" || what === "last_seen") {
    const measure = what === "first_seen" ? "first" : "last";
    return behaviour({ event: null, measure, op: "during", value: LAST_DAYS });
  }
  if (what === "spent") {
    const currency = there.currencies.includes("CNY") ? "CNY" : there.currencies[0];
    const sum = { measure: "sum", field: "amount", currency, op: "ge", value: 100 };
    return behaviour({ event, window: LAST_DAYS, ...sum });
  }
  const bodies: Record<LeafKey, Body> = {
    behaviour: { event, window: LAST_DAYS },
    sequence: {
      first: { event },
      // biome-ignore lint/suspicious/noThenProperty: it is the word of the rule tree.
      then: { event },
      within: { amount: 30, unit: "day" },
      window: { from: { ago: 90, unit: "day" } },
    },
    band: { any_of: ["hot"] },
    temperature: { op: "ge", value: 50 },
    next_band: { within: { amount: 7, unit: "day" } },
    trait: { name: "", op: "exists", value: true },
    tag: { id: "" },
    score: { id: Object.keys(there.scores ?? {})[0] ?? "", op: "ge", value: 0 },
    tier: { id: Object.keys(there.schemes ?? {})[0] ?? "", any_of: [] },
    lifecycle: { any_of: ["active"] },
    segment: { id: "" },
    district: { any_of: [] },
    trade_area: { any_of: [] },
    near: { outlet: Object.keys(there.outlets)[0] ?? "", metres: 3_000 },
    identifier: {
      kind: there.identifiers.includes("phone") ? "phone" : (there.identifiers[0] ?? ""),
    },
    consent: { purpose: there.purposes[0] ?? "", given: true },
  };
  const is = what as LeafKey;
  return { is, body: bodies[is] };
}

/** A question about a value of this kind that is asked for the first time. */
export function firstQuestion(kind: Kind): { op: string; value: unknown } {
  const usual = { string: "in", number: "ge" } as Partial<Record<Kind, string>>;
  const op = usual[kind] ?? choices(kind)[0] ?? "exists";
  return { op, value: op === "exists" ? true : fitting(undefined, op, kind) };
}

/** A condition about a field of an event that is asked for the first time. */
export function condition(field: string, kind: Kind, currency: string): Condition {
  const money = field === "amount" ? { currency } : {};
  return { field, ...money, ...firstQuestion(kind) };
}
