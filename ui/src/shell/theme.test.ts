import { expect, test } from "vitest";
import { BAND_COLOURS, BANDS, COLOURS, type Shade } from "./theme";

/** WCAG 2.2, relative luminance and contrast ratio. */
function light(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = parts.map((v) =>
    v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, bright = 0] = [light(one), light(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

const TEXT = 4.5;
const SHAPE = 3;

test("black on white is as far apart as it gets", () => {
  expect(contrast("#000000", "#FFFFFF")).toBeCloseTo(21, 5);
});

test.each<Shade>(["light", "dark"])("text can be read on both grounds, %s", (shade) => {
  const { page = "", paper = "", ...colours } = COLOURS[shade];
  const inks = BANDS.map((band) => BAND_COLOURS[shade][band].ink);
  const words = ["ink", "soft", "link", "good", "bad", "alert"].map((name) => colours[name] ?? "");
  for (const ground of [page, paper]) {
    for (const ink of [...inks, ...words])
      expect(contrast(ink, ground)).toBeGreaterThanOrEqual(TEXT);
  }
  for (const name of ["good", "bad", "alert"]) {
    const back = colours[`${name}-back`] ?? "";
    for (const ink of ["ink", "soft", name])
      expect(contrast(colours[ink] ?? "", back)).toBeGreaterThanOrEqual(TEXT);
  }
  expect(contrast("#FFFFFF", colours.accent ?? "")).toBeGreaterThanOrEqual(TEXT);
});

test.each<Shade>(["light", "dark"])(
  "bands next to each other differ without colour, %s",
  (shade) => {
    // Orange on white is below 3 to 1: shapes and names stand beside every colour.
    const { paper = "" } = COLOURS[shade];
    for (const band of ["hot", "cool", "cold"] as const) {
      expect(contrast(BAND_COLOURS[shade][band].fill, paper)).toBeGreaterThanOrEqual(SHAPE);
    }
  },
);
