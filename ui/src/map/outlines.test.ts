import { expect, test } from "vitest";
import { hexagons } from "./cells";
import { type Area, areaAt, boxOf, outlinesOf } from "./outlines";

const square = (id: string, west: number, hole = false): Area => ({
  type: "Feature",
  properties: { id, name: id },
  geometry: {
    type: "Polygon",
    coordinates: [ring(west, 0, west + 10, 10), ...(hole ? [ring(west + 4, 4, west + 6, 6)] : [])],
  },
});

function ring(west: number, south: number, east: number, north: number): number[][] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

test("a point lies in the area around it, not in its holes", () => {
  const areas = [square("a", 0, true), square("b", 10)];
  expect(areaAt(areas, 2, 2)?.properties.id).toBe("a");
  expect(areaAt(areas, 12, 2)?.properties.id).toBe("b");
  expect(areaAt(areas, 5, 5)).toBeUndefined();
  expect(areaAt(areas, 25, 5)).toBeUndefined();
  expect(boxOf(square("b", 10))).toEqual([10, 0, 20, 10]);
});

test("outlines are read from TopoJSON with their strokes, and from GeoJSON", () => {
  const found = outlinesOf({
    type: "Topology",
    objects: {
      province: {
        type: "GeometryCollection",
        geometries: [{ type: "Polygon", id: "330000", properties: { name: "A" }, arcs: [[0]] }],
      },
      dashes: { type: "MultiLineString", arcs: [[0]] },
    },
    arcs: [ring(0, 0, 1, 1) as [number, number][]],
  });
  expect(found.byId.get("330000")?.properties.name).toBe("A");
  expect(found.strokes).toHaveLength(1);
  const plain = outlinesOf({ type: "FeatureCollection", features: [{ ...square("", 0), id: 7 }] });
  expect([...plain.byId.keys()]).toEqual(["7"]);
});

test("a cell at the edge of the world is not drawn across it", () => {
  const cell = { id: "82bb67fffffffff", name: "", mean: 1, profiles: 9 };
  const [found] = hexagons([cell as never], "mean", [{ from: 0, colour: "" }]);
  const [west, , east] = boxOf(found as Area);
  expect(east - west).toBeLessThan(20);
});
