import { expect, test } from "vitest";
import { choices, FIRST, key } from "./traits";

const there = {
  timezone: "UTC",
  traits: { city: "string", likes: "list" },
  events: { "Order Completed": {} },
  identifiers: [],
  purposes: [],
  channels: [],
  currencies: [],
  areas: {},
  outlets: {},
  scores: { sc_1: "Loyal" },
};

test("a trait has one key, however it is written", () => {
  expect(key({ behaviour: { event: "A", measure: "sum" } })).toBe(
    key({ behaviour: { measure: "sum", event: "A" } }),
  );
});

test("what can be read is offered, once each, with what one begins with", () => {
  const found = choices(there, ((word: string) => word) as never).map(({ value }) => value);
  expect(new Set(found).size).toBe(found.length);
  expect(found).toEqual(expect.arrayContaining(FIRST.map(key)));
  expect(found).toContain(key({ score: { id: "sc_1" } }));
  expect(found.filter((value) => value.includes("likes"))).toEqual([]);
});
