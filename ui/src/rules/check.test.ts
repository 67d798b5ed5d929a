import { expect, test } from "vitest";
import { check, checkSet, idFor } from "./check";
import { changes, type Rule, type RuleSet, same, tidy } from "./ruleset";

const rule: Rule = {
  id: "purchase",
  title: { zh: "Kauf", en: "Purchase" },
  events: ["Order Completed"],
  points: 8,
  half_life_days: 60,
};

function faults(patch: Partial<Rule>, others: Rule[] = []) {
  return check({ ...rule, ...patch }, others).map(({ field, fault }) => `${field} ${fault}`);
}

test("a good rule has no fault", () => {
  expect(faults({})).toEqual([]);
  expect(faults({ events: ["*"], half_life_days: 1 / 24, points: -1 })).toEqual([]);
});

test.each<[Partial<Rule>, string]>([
  [{ title: { zh: " ", en: "" } }, "title title"],
  [{ events: [] }, "events events"],
  [{ events: ["*", "A"] }, "events every"],
  [{ points: 0 }, "points points"],
  [{ amount: "stars" }, "amount amount"],
  [{ cap: 0 }, "cap cap"],
  [{ cap: 4, half_life_days: 0.5 }, "half_life_days half_life_day"],
  [{ half_life_days: 0.01 }, "half_life_days half_life_hour"],
])("a fault is told at its field: %o", (patch, told) => {
  expect(faults(patch)).toEqual([told]);
});

test("a fifth half-life is refused, one of the four is not", () => {
  const others = [1, 2, 3, 4].map((days) => ({ ...rule, id: `r${days}`, half_life_days: days }));
  expect(faults({ half_life_days: 5 }, others)).toEqual(["half_life_days half_lives"]);
  expect(faults({ half_life_days: 4 }, others)).toEqual([]);
  // The rule's own half-life before the change does not count.
  expect(faults({ id: "r4", half_life_days: 5 }, others)).toEqual([]);
});

test("conditions read fields of the event and compare like with like", () => {
  const asked = (condition: object) => faults({ conditions: [condition as never] });
  expect(asked({ field: "properties.a.b", op: "gt", value: 3 })).toEqual([]);
  expect(asked({ field: "traits.a", op: "exists" })).toEqual(["conditions.0 field"]);
  expect(asked({ field: "channel", op: "in", value: [] })).toEqual(["conditions.0 list"]);
  expect(asked({ field: "properties.a", op: "lt", value: "3" })).toEqual(["conditions.0 number"]);
  expect(asked({ field: "channel", op: "eq", value: "" })).toEqual(["conditions.0 value"]);
});

test("a new rule takes an id that no other has", () => {
  expect(idFor(rule, [])).toBe("purchase");
  expect(idFor(rule, [rule, { ...rule, id: "purchase_2" }])).toBe("purchase_3");
  expect(idFor({ ...rule, title: { zh: "Kauf", en: "…" }, events: ["¥"] }, [])).toBe("rule");
});

test("rates and E_half are above nothing", () => {
  const set: RuleSet = {
    title: rule.title,
    e_half: 0,
    currency: "CNY",
    rates: { USD: 0 },
    rules: [],
  };
  expect(checkSet(set).map(({ field }) => field)).toEqual(["e_half", "rates.USD"]);
});

test("what is usual makes no difference", () => {
  const said: Rule = { ...rule, amount: false, cap: null, conditions: [] };
  expect(same(tidy(said), rule)).toBe(true);
  const set = (rules: Rule[]) => ({ rules }) as RuleSet;
  const found = changes(set([rule]), set([said, { ...rule, id: "other" }]));
  expect([...found]).toEqual([["other", "added"]]);
  expect([...changes(set([rule]), set([{ ...rule, points: 9 }]))]).toEqual([
    ["purchase", "changed"],
  ]);
});
