import { expect, test } from "vitest";
import { gridOf, strength } from "./together";

const set = (id: string, count: number) => ({ id, name: id.toUpperCase(), count });

test("the largest set stands on top, the largest part first, a dot for each set it is in", () => {
  const grid = gridOf({
    as_of: "",
    sets: [set("a", 9), set("b", 4), set("c", 6)],
    parts: [
      { ids: ["c"], count: 1 },
      { ids: ["a", "b"], count: 4 },
      { ids: ["a", "c"], count: 5 },
    ],
  });
  expect(grid.sets.map(({ id }) => id)).toEqual(["b", "c", "a"]);
  expect(grid.parts).toEqual([
    { count: 5, within: [1, 2] },
    { count: 4, within: [0, 2] },
    { count: 1, within: [1] },
  ]);
});

test("effects have a strength in words, the same in both directions", () => {
  expect([0.1, 0.2, -0.5, 0.81].map((one) => strength(one, "h"))).toEqual([
    "none",
    "small",
    "medium",
    "large",
  ]);
  expect([0.14, -0.15, 0.34, -0.9].map((one) => strength(one, "delta"))).toEqual([
    "none",
    "small",
    "medium",
    "large",
  ]);
});
