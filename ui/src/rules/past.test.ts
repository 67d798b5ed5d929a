import { expect, test } from "vitest";
import { room } from "./past";

test("a history is good for a third of its length", () => {
  const first = "2026-01-01T00:00:00.000Z";
  expect(room({ first, last: "2026-03-03T00:00:00.000Z" })).toBe(20);
  expect(room({ first, last: "2026-03-02T23:59:59.000Z" })).toBe(19);
  expect(room({ first, last: "2026-01-03T00:00:00.000Z" })).toBe(0);
  expect(room({ first: null, last: null })).toBe(0);
});
