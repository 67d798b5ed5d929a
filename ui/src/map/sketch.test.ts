import { expect, test } from "vitest";
import {
  added,
  closable,
  closed,
  crossing,
  geometryOf,
  inserted,
  moved,
  places,
  readText,
  removed,
  sketchOf,
  started,
  surface,
  textOf,
} from "./sketch";

const SQUARE = {
  type: "Polygon" as const,
  coordinates: [
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ],
  ],
};
const square = sketchOf("a", "square", SQUARE);

test("corners are added until the ring is closed", () => {
  let sketch = started();
  for (const corner of [
    [0, 0],
    [1, 0],
  ] as [number, number][])
    sketch = added(sketch, corner);
  expect(closed(sketch).open).toBe(true);
  sketch = closed(added(sketch, [1, 1]));
  expect(sketch.open).toBe(false);
  expect(geometryOf(sketch).coordinates).toEqual([
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ],
  ]);
});

test("what is kept comes back as it was", () => {
  expect(geometryOf(square)).toEqual(SQUARE);
  const two = {
    type: "MultiPolygon" as const,
    coordinates: [SQUARE.coordinates, SQUARE.coordinates],
  };
  expect(geometryOf(sketchOf("b", "two", two))).toEqual(two);
  expect(readText(textOf(sketchOf("b", "two", two)))).toEqual({
    parts: sketchOf("b", "", two).parts,
  });
});

test("a corner is moved, put between and taken away, three are kept", () => {
  const place = { part: 0, ring: 0, at: 1 };
  expect(moved(square, place, [2, 0]).parts[0]?.[0]?.[1]).toEqual([2, 0]);
  expect(inserted(square, place, [1, 0.5]).parts[0]?.[0]?.[2]).toEqual([1, 0.5]);
  const three = removed(square, place);
  expect(three.parts[0]?.[0]).toHaveLength(3);
  expect(removed(three, place)).toBe(three);
});

test("between all corners of a closed ring there is a middle", () => {
  expect(places(square).filter((one) => one.middle)).toHaveLength(4);
  expect(places({ ...square, open: true }).filter((one) => one.middle)).toHaveLength(3);
});

test("a square degree at the equator is so many square kilometres", () => {
  expect(surface(square)).toBeGreaterThan(12_300);
  expect(surface(square)).toBeLessThan(12_400);
});

test("sides that cross are noticed", () => {
  expect(crossing(square)).toBe(false);
  const bow = {
    ...square,
    parts: [
      [
        [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
        ] as [number, number][],
      ],
    ],
  };
  expect(crossing(bow)).toBe(true);
});

test("corners are read as people write them", () => {
  const parts = [
    [
      [
        [120.1, 30.2],
        [120.2, 30.2],
        [120.2, 30.3],
      ],
    ],
  ];
  expect(readText("120.1, 30.2\n120.2 30.2\n\n120.2，30.3\n120.1,30.2")).toEqual({ parts });
  expect(readText("120.1, 30.2\nhere")).toEqual({ line: 2 });
  expect(readText("30.2, 120.1\n1,2\n3,4")).toEqual({ line: 1 });
  expect(readText("1,2\n3,4")).toEqual({ wrong: "few" });
  expect(readText("{")).toEqual({ wrong: "json" });
  expect(readText('{"type":"Point","coordinates":[1,2]}')).toEqual({ wrong: "kind" });
  const feature = JSON.stringify({ type: "Feature", geometry: SQUARE });
  expect(readText(feature)).toEqual({ parts: square.parts });
  expect(closable({ ...square, parts: [] })).toBe(false);
});
