import type { Tree } from "./tree";

const step = (event: string | null) => ({
  event,
  where: [
    { field: "channel", op: "in", value: ["app", "web"] },
    { field: "amount", currency: "USD", op: "between", value: [1, 2.5] },
  ],
});

/** Leaves of every kind, as the server writes them and as people do. */
export const RULES: Tree[] = [
  { behaviour: { event: "a" } },
  { behaviour: { event: null, measure: "first", op: "during", value: { from: { ago: 7 } } } },
  {
    behaviour: {
      ...step("a"),
      window: { from: { at: "2026-01-01" }, to: { ago: 0 } },
      measure: "sum",
      field: "amount",
      currency: "CNY",
      less: step("b"),
      op: "ge",
      value: 10,
    },
  },
  // biome-ignore lint/suspicious/noThenProperty: it is the word of the rule tree.
  { sequence: { first: step("a"), then: { event: "b" }, within: null, followed: false } },
  {
    sequence: {
      first: { event: null },
      // biome-ignore lint/suspicious/noThenProperty: it is the word of the rule tree.
      then: step(null),
      within: { amount: 2, unit: "hour" },
      window: { from: { ago: 90, unit: "day" }, to: null },
    },
  },
  { band: { any_of: ["hot", "never_warm"] } },
  { temperature: { op: "between", value: [0, 50] } },
  { next_band: { within: { amount: 7 }, any_of: ["cool"] } },
  { trait: { name: "city", op: "not_in", value: ["x"] } },
  { trait: { name: "vip", op: "eq", value: false } },
  { trait: { name: "until", op: "during", value: { to: { ahead: 30, unit: "week" } } } },
  { trait: { name: "city", op: "exists", value: false } },
  { tag: { id: "tg_1" } },
  { tag: { id: "tg_2", any_of: ["red"] } },
  { score: { id: "sc_1", op: "gt", value: -1 } },
  { tier: { id: "tr_1", any_of: ["gold"] } },
  { lifecycle: { any_of: ["sleeping", "lost"] } },
  { segment: { id: "sg_1" } },
  { district: { any_of: ["44", "4403", "440305"] } },
  { trade_area: { any_of: ["area1"] } },
  { near: { outlet: "shop", metres: 1_500.5 } },
  { identifier: { kind: "phone" } },
  { consent: { purpose: "marketing", channel: "sms", given: false } },
  { consent: { purpose: "marketing" } },
];
