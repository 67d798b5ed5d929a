import { expect, test } from "vitest";
import { formats } from "./format";

const zh = formats("zh", "Asia/Shanghai");
const NOON = Date.UTC(2026, 2, 1, 4, 5, 6);

test("degrees have a unit and a true minus", () => {
  expect(zh.degrees(63.25)).toMatch(/^63\.[23] °C$/);
  expect(zh.degrees(-20)).toBe("\u221220.0 °C");
  expect(zh.degrees(-0.001)).toBe("0.0 °C");
  expect(zh.change(3)).toBe("+3.0 °C");
  expect(zh.percent(-0.044)).toBe("\u22124.4%");
  expect(zh.percent(-0.0001)).toBe("0.0%");
});

test("moments are those of the pool's zone, not of the browser", () => {
  expect(zh.moment(NOON)).toBe("2026-03-01 12:05");
  expect(formats("en", "America/Sao_Paulo").moment(NOON)).toBe("2026-03-01 01:05");
  expect(zh.clock(NOON)).toBe("12:05:06");
});

test("a way off is told in the unit that fits", () => {
  const day = 86_400_000;
  expect(formats("en", "UTC").away(NOON + 3 * day, NOON)).toBe("in 3 days");
  expect(formats("zh", "UTC").away(NOON - 2 * 3_600_000, NOON)).toContain("2");
});

test("a wait is told in words, and is never told too short", () => {
  expect(formats("en", "UTC").wait(7)).toBe("in 7 seconds");
  expect(formats("en", "UTC").wait(841)).toBe("in 15 minutes");
  expect(zh.wait(895)).toMatch(/^15\s?分钟后$/);
});
