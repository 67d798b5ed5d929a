import { expect, test } from "vitest";
import { CHINA, worldwide } from "./Crumbs";
import type { Area } from "./outlines";
import { pathOf } from "./shapes";
import type { Box } from "./view";

test("one looks at China where its middle is seen, from not too far", () => {
  expect(worldwide(CHINA)).toBe(false);
  expect(worldwide([120, 30, 121, 31])).toBe(false);
  expect(worldwide([20, -30, 170, 75])).toBe(true);
  expect(worldwide([-74, -34, -34, 5])).toBe(true);
});

test("China from top to bottom is China on the widest screen, and from side to side on a phone", () => {
  expect(worldwide([4, 0, 205, 56])).toBe(false);
  expect(worldwide([70, -20, 138, 65])).toBe(false);
});

test("a province or a city is where one stands only when it is most of what is seen", () => {
  expect(path([70, 3, 138, 58])).toEqual([]);
  expect(path([88, 20, 118, 40])).toEqual([]);
  expect(path([96, 25, 109, 35])).toEqual(["510000"]);
  expect(path([103, 29, 106, 32])).toEqual(["510000", "510100"]);
  expect(path([98, 27, 99, 28])).toEqual(["510000"]);
});

test("a long province that bends around another one is where one stands, though not at its middle", () => {
  expect(path([91, 30, 110, 45])).toEqual(["620000"]);
});

test("of two neighbours that are both seen whole, one stands where the picture is centred", () => {
  expect(path([119.7, 30.3, 123.1, 32.2])).toEqual(["310000"]);
  expect(path([119.7, 30.1, 123.1, 32.4])).toEqual([]);
});

const PROVINCES = [
  area("510000", [97, 26, 108, 34]),
  area("620000", [92, 32, 109, 43], [97, 34.1, 103, 40]),
  area("630000", [97, 34.1, 103, 40]),
  area("310000", [120.9, 30.7, 122, 31.9]),
];
const CITIES = [area("510100", [103, 30, 105, 31]), area("320500", [119.9, 30.8, 121.3, 32.1])];

function path(box: Box): string[] {
  const [lng, lat] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  const found = pathOf(PROVINCES, CITIES, { spot: { lng, lat, zoom: 4 }, box });
  return found.map((one) => one.properties.id);
}

function area(id: string, ...boxes: Box[]): Area {
  const rings = boxes.map(([west, south, east, north]) => [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]);
  return {
    type: "Feature",
    properties: { id, name: id },
    geometry: { type: "Polygon", coordinates: rings },
  };
}
