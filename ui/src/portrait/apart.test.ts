import { expect, test } from "vitest";
import { cohen, type Found, striking, word } from "./apart";

const NONE = {
  id: "sg_x",
  name: "x",
  as_of: "2026-01-01T00:00:00Z",
  timezone: "UTC",
  members: 40,
  rest: 60,
  small: false,
  numbers: [],
  bands: [],
  provinces: [],
  traits: [],
  stages: [],
  classes: [],
  channels: [],
  devices: [],
  content: [],
} satisfies Found;

test("an effect has the sign of the difference, and none has none", () => {
  expect(cohen({ members: 1, rest: 0 })).toBeCloseTo(Math.PI);
  expect(cohen({ members: 0.2, rest: 0.6 })).toBeCloseTo(-cohen({ members: 0.6, rest: 0.2 }));
  expect(cohen({ members: 0.3, rest: 0.3 })).toBe(0);
  // What is rounded above one is one.
  expect(cohen({ members: 1.000001, rest: 1 })).toBe(0);
});

test("effects are said in words, by their thresholds", () => {
  expect(word(0.1, "h")).toBe("same");
  expect(word(-0.3, "h")).toBe("small_less");
  expect(word(0.6, "h")).toBe("medium_more");
  expect(word(0.5, "delta")).toBe("large_more");
});

test("what is striking stands in the order of its effect, whatever it is", () => {
  const side = { count: 40, mean: 1, median: 1 };
  const one: Found = {
    ...NONE,
    bands: [
      { value: "hot", members: 0.6, rest: 0.3 },
      { value: "cool", members: 0.2, rest: 0.21 },
    ],
    traits: [{ name: "city", values: [{ value: "x", members: 0.05, rest: 0.9 }], unsaid: null }],
    numbers: [
      {
        of: "trait",
        kind: "number",
        name: "age",
        members: side,
        rest: side,
        effect: -0.474 * 1.2,
        unsaid: null,
      },
    ],
  };
  const found = striking(one).map((row) => (row.of === "number" ? row.row.name : row.row.value));
  expect(found).toEqual(["x", "age", "hot"]);
});
