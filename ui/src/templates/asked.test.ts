import { expect, test } from "vitest";
import { namesOf, saying } from "./asked";

test("names survive their way through the address", () => {
  const first = saying({}, "order", "order_paid");
  const both = saying(namesOf(first), "baby", ["a", "b"]);
  expect(namesOf(both)).toEqual({ order: "order_paid", baby: ["a", "b"] });
  expect(saying(namesOf(both), "order", "")).toBe('{"baby":["a","b"]}');
  expect(saying({ order: "x" }, "order", "")).toBe("");
});

test("what is no name is left out", () => {
  expect(namesOf('{"a":1,"b":"x","c":[1],"d":["x"]}')).toEqual({ b: "x", d: ["x"] });
  for (const text of ["", "{", "[]", "null", '"x"']) expect(namesOf(text)).toEqual({});
});
