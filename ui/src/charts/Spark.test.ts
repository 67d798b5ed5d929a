import { expect, test } from "vitest";
import { placed } from "./Spark";

test("a small line rises where the number does, and begins where it is known", () => {
  const [first, second, third] = placed([null, 1, 3, 2]);
  expect(first?.[0]).toBeGreaterThan(2);
  expect(second?.[1]).toBeLessThan(third?.[1] ?? 0);
  expect(first?.[1]).toBeGreaterThan(third?.[1] ?? 0);
  expect(third?.[0]).toBe(94);
});

test("a number that stayed lies in the middle", () => {
  expect(placed([5, 5]).map(([, y]) => y)).toEqual([12, 12]);
  expect(placed([null, null])).toEqual([]);
});
