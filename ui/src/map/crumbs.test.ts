import { expect, test } from "vitest";
import { CHINA, worldwide } from "./Crumbs";

test("one looks at China where its middle is seen, from not too far", () => {
  expect(worldwide(CHINA)).toBe(false);
  expect(worldwide([120, 30, 121, 31])).toBe(false);
  expect(worldwide([40, -10, 160, 70])).toBe(true);
  expect(worldwide([-74, -34, -34, 5])).toBe(true);
});
