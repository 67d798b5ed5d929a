import { expect, test } from "vitest";
import { differences, doubts, type Found, standing } from "./learnt";
import type { Rule, RuleSet } from "./ruleset";

const bands = { hot: 0.6, warm: 0.4, cool: 0.2, cold: 0.05 };
const many = { hot: 100, warm: 100, cool: 100, cold: 100 };
const found = {
  auc: { temperature: 0.8, recency: 0.7, frequency: 0.71, rfm: 0.75, boosting: 0.76 },
  auc_error: 0.01,
  auc_in_force: 0.72,
  learning: { profiles: 2000, reached: 500, rate: 0.25 },
  test: { profiles: 2000, reached: 480, rate: 0.24 },
  bands,
  band_profiles: many,
} as unknown as Found;

test("good findings raise no doubt", () => {
  expect(doubts(found)).toEqual([]);
});

test.each([
  ["thin", { test: { profiles: 300, reached: 60, rate: 0.2 } }],
  ["behind", { auc: { ...found.auc, boosting: 0.83 } }],
  ["force", { auc_in_force: 0.82 }],
  ["uneven", { bands: { ...bands, cool: 0.5 } }],
])("%s is told", (doubt, patch) => {
  expect(doubts({ ...found, ...patch } as Found)).toEqual([doubt]);
});

test("a coin is called one", () => {
  const auc = { temperature: 0.51, recency: 0.5, frequency: 0.5, rfm: 0.5, boosting: 0.5 };
  expect(doubts({ ...found, auc, auc_in_force: 0.5 })).toEqual(["coin"]);
});

test("a band of a few people says nothing about the order", () => {
  const odd = { ...found, bands: { ...bands, hot: 0 }, band_profiles: { ...many, hot: 3 } };
  expect(doubts(odd)).toEqual([]);
});

test("within the standard error two figures are level", () => {
  expect(standing(found, 0.805)).toBe("level");
  expect(standing(found, 0.82)).toBe("worse");
  expect(standing(found, 0.7)).toBe("better");
});

const cart: Rule = {
  id: "cart",
  title: { zh: "", en: "Cart" },
  events: ["Cart"],
  points: 2,
  half_life_days: 7,
};
const set: RuleSet = {
  title: { zh: "", en: "Own" },
  e_half: 20,
  currency: "CNY",
  rates: {},
  rules: [cart],
};

test("differences are told field by field", () => {
  const order = { ...cart, id: "order", events: ["Order"] };
  const after = { ...set, e_half: 30, rules: [{ ...cart, points: 3, cap: null }, order] };
  expect(differences(set, after)).toEqual([
    { rule: "", change: "changed", fields: { e_half: [20, 30] } },
    { rule: "cart", change: "changed", fields: { points: [2, 3] } },
    {
      rule: "order",
      change: "added",
      fields: expect.objectContaining({ points: [null, 2], events: [null, ["Order"]] }),
    },
  ]);
  expect(differences(set, { ...set, rules: [] }).map(({ change }) => change)).toEqual(["removed"]);
  expect(differences(set, set)).toEqual([]);
});
