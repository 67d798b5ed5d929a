import { expect, test } from "vitest";
import { sideBySide } from "./trial";

const part = (rule: string, energy: number) => ({ rule, energy, events: 2, last_at: "2026-01-01" });

test("the rules of both sides are told once, the strongest first", () => {
  const found = sideBySide([part("view", 1), part("buy", 8)], [part("buy", 20), part("new", -4)]);
  expect(found.map(({ rule, live, tried }) => [rule, live, tried])).toEqual([
    ["buy", 8, 20],
    ["new", 0, -4],
    ["view", 1, 0],
  ]);
});

test("without heat there is nothing to tell", () => {
  expect(sideBySide([], [])).toEqual([]);
});
