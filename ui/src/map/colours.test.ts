import { expect, test } from "vitest";
import { bandOf } from "../shell/Temperature";
import { BAND_COLOURS } from "../shell/theme";
import { colourOf, mixed, steps } from "./colours";
import { type Figures, ranked } from "./figures";

test("a mixture lies between", () => {
  expect(mixed("#000000", "#ffffff", 0)).toBe("#000000");
  expect(mixed("#000000", "#ffffff", 1)).toBe("#ffffff");
  expect(mixed("#000000", "#ff8000", 0.5)).toBe("#804000");
});

test("the deepest colour of a band is that of the band, and steps never cross its edges", () => {
  const found = steps("mean", "light", 1);
  for (const band of ["hot", "warm", "cool", "cold"] as const) {
    expect(found.map((step) => step.colour)).toContain(BAND_COLOURS.light[band].fill);
  }
  for (const edge of [0, 50, 80]) expect(found.map((step) => step.from)).toContain(edge);
  for (let degrees = -40; degrees < 100; degrees += 0.5) {
    const at = found.findLastIndex((step) => degrees >= step.from);
    const [from = 0, next] = [found[at]?.from, found[at + 1]?.from];
    const [low, high] = [Math.max(from, -40), (next ?? 100) - 0.01];
    expect(bandOf(low + 0.01)).toBe(bandOf(high));
  }
});

test.each([1, 7, 40, 5_000, 3_000_000])("counts up to %d have rising round steps", (largest) => {
  const found = steps("count", "dark", largest);
  const bounds = found.map((step) => step.from);
  expect(bounds[0]).toBe(1);
  expect([...bounds].sort((one, other) => one - other)).toEqual(bounds);
  expect(new Set(found.map((step) => step.colour)).size).toBe(found.length);
  expect(Math.max(...bounds)).toBeLessThanOrEqual(Math.max(1, largest));
  expect(colourOf(largest, found)).toBe(found.at(-1)?.colour);
});

const area = (id: string, mean: number, hot: number, profiles: number) =>
  ({ id, name: id, mean, hot, profiles }) as Figures;

test("a ranking follows what the colours tell, the larger area first among equals", () => {
  const areas = [area("a", 10, 5, 10), area("b", 30, 1, 100), area("c", 30, 0, 200)];
  const order = (...how: Parameters<typeof ranked> extends [unknown, ...infer Rest] ? Rest : []) =>
    ranked(areas, ...how).map((one) => one.id);
  expect(order("mean", true)).toEqual(["c", "b", "a"]);
  expect(order("hot", true)).toEqual(["a", "b", "c"]);
  expect(order("count", false)).toEqual(["a", "b", "c"]);
});
