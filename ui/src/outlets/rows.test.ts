import { expect, test } from "vitest";
import type { Row } from "./asked";
import { rooted, shown, squared } from "./rows";

const row = (name: string, profiles: number, mean: number, more: Partial<Row> = {}): Row => ({
  id: name,
  name,
  profiles,
  mean,
  outlets: 0,
  capacity: 0,
  outlets_per_thousand: 0,
  capacity_per_thousand: 0,
  quadrant: "cold_thin",
  suggestion: "",
  compared: true,
  because: { mean, mean_line: 40, service: profiles / 10, service_line: 1 },
  ...more,
});
const rows = [
  row("Shanghai", 80, 60, { quadrant: "hot_thin" }),
  row("Hangzhou", 90, 30),
  row("Suzhou", 10, 30),
];
const names = (found: Row[]) => found.map((one) => one.name);

test("areas are sorted either way, equals by how many people they have", () => {
  const view = { quadrant: "", q: "", sort: "mean", up: "up" } as const;
  expect(names(shown(rows, view))).toEqual(["Hangzhou", "Suzhou", "Shanghai"]);
  expect(names(shown(rows, { ...view, up: "" }))[0]).toBe("Shanghai");
  expect(names(shown(rows, { ...view, sort: "service", up: "" }))[0]).toBe("Hangzhou");
  expect(names(shown(rows, { ...view, sort: "name", up: "" }))[0]).toBe("Hangzhou");
});

test("areas are filtered by quadrant and by name", () => {
  const view = { quadrant: "", q: " zhou", sort: "profiles", up: "" } as const;
  expect(names(shown(rows, view))).toEqual(["Hangzhou", "Suzhou"]);
  expect(names(shown(rows, { ...view, q: "", quadrant: "hot_thin" }))).toEqual(["Shanghai"]);
});

test("a root is drawn and read back", () => {
  expect(squared(rooted(7.3))).toBeCloseTo(7.3);
  expect(rooted(0)).toBe(0);
});
