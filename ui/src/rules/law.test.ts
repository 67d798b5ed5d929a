import { expect, test } from "vitest";
import { after, crossings, degrees, oneEvent, weight } from "./law";
import type { Rule, RuleSet } from "./ruleset";

const buy: Rule = {
  id: "purchase",
  title: { zh: "Kauf", en: "Purchase" },
  events: ["Order Completed"],
  points: 8,
  half_life_days: 60,
};
const spent: Rule = { ...buy, id: "amount", points: 2.5, amount: true };
const duel: Rule = { ...buy, id: "duel", conditions: [{ field: "channel", op: "eq", value: "a" }] };

function set(rules: Rule[]): RuleSet {
  return { title: buy.title, e_half: 20, currency: "CNY", rates: {}, rules };
}

test("no heat reads the coldest, E_half half of the way, a debt is floored", () => {
  expect(degrees(0, 20)).toBe(-20);
  expect(degrees(20, 20)).toBeCloseTo(40, 9);
  expect(degrees(-1e6, 20)).toBe(-40);
});

test("value and slope meet where there is no heat", () => {
  const step = 1e-6;
  const slope = (from: number) => (degrees(from + step, 20) - degrees(from, 20)) / step;
  expect(slope(0)).toBeCloseTo(slope(-step), 4);
});

test("a weight is points, or points by log1p of the amount, within the day's cap", () => {
  expect(weight(buy, 300)).toBe(8);
  expect(weight(spent, 300)).toBeCloseTo(2.5 * Math.log1p(300), 12);
  expect(weight({ ...buy, points: -8, cap: 3 }, 0)).toBe(-3);
  expect(weight(duel, 300)).toBeUndefined();
  expect(weight({ ...buy, amount: "properties.stars" }, 300)).toBeUndefined();
});

test("one event brings what all rules that look at it bring", () => {
  const { terms, open } = oneEvent(set([buy, spent, duel]), "Order Completed", 300);
  const energy = 8 + 2.5 * Math.log1p(300);
  expect(after(terms, 20, 0)).toBeCloseTo(degrees(energy, 20), 9);
  expect(after(terms, 20, 60)).toBeCloseTo(degrees(energy / 2, 20), 9);
  expect(open).toEqual([duel]);
});

test("silence leads down through the bands, at the moments of the closed form", () => {
  const eHalf = 20;
  const found = crossings([{ energy: 60, halfLifeDays: 60 }], eHalf);
  expect(found.map(({ band }) => band)).toEqual(["warm", "cool", "cold"]);
  for (const [at, edge] of [80, 50, 0].entries()) {
    const level = -eHalf * Math.log2(1 - (edge + 20) / 120);
    expect(found[at]?.days).toBeCloseTo(60 * Math.log2(60 / level), 6);
  }
});

test("silence may also warm, where a debt cools faster than the heat", () => {
  const terms = [
    { energy: -60, halfLifeDays: 1 },
    { energy: 80, halfLifeDays: 90 },
  ];
  expect(crossings(terms, 20).map(({ band }) => band)).toEqual([
    "warm",
    "hot",
    "warm",
    "cool",
    "cold",
  ]);
});
