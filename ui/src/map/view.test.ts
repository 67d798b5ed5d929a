import { expect, test } from "vitest";
import { written as address } from "../shell/page";
import page from "./page";
import {
  boxAround,
  chosenOf,
  filters,
  levelAt,
  resolutionAt,
  spotOf,
  viewOf,
  written,
} from "./view";

const size = { width: 800, height: 620 };

test("a view goes through the address and comes back", () => {
  const view = viewOf({ at: "120.15,30.27,8.00", level: "city", area: "city:330100", band: "hot" });
  expect(viewOf(address({ ...page, view: viewOf }, view))).toEqual(view);
  expect(address({ ...page, view: viewOf }, viewOf({}))).toEqual({});
});

test("what does not fit in an address is left aside", () => {
  const wrong = { at: "1,2", level: "street", area: "city:<b>", trait: "no", from: "today" };
  expect(viewOf(wrong)).toEqual(viewOf({}));
  expect(spotOf("181,0,3")).toBeUndefined();
  expect(spotOf("0,0,nothing")).toBeUndefined();
  expect(chosenOf("city:")).toBeUndefined();
});

test("a spot is written as exactly as its zoom shows", () => {
  expect(written({ lng: 120.123456789, lat: 30.2, zoom: 3 })).toBe("120.12,30.20,3.00");
  expect(written({ lng: 120.123456789, lat: 30.2, zoom: 14 })).toBe("120.12346,30.20000,14.00");
});

test("only what leaves people out counts as a filter", () => {
  expect(filters(viewOf({ level: "city", colour: "hot", at: "1,2,3" }))).toBe(0);
  expect(filters(viewOf({ band: "hot", who: "all", precision: "1000" }))).toBe(3);
});

test("a deeper zoom asks for smaller areas, abroad for cells", () => {
  const levels = [2, 5, 7.5, 11].map((zoom) => levelAt(zoom, size, false));
  expect(levels).toEqual(["province", "city", "district", "cell"]);
  expect(levelAt(1, size, true)).toBe("province");
  expect(levelAt(4, size, true)).toBe("cell");
});

test("a small picture shows the same at a lower zoom", () => {
  const small = { width: 400, height: 310 };
  expect(levelAt(3.5, small, false)).toBe("city");
  expect(levelAt(3.5, size, false)).toBe("province");
});

test("cells grow finer as the map comes nearer, and stay large enough to point at", () => {
  let before = -1;
  for (let zoom = 0; zoom <= 16; zoom++) {
    const resolution = resolutionAt(zoom, 30);
    expect(resolution).toBeGreaterThanOrEqual(before);
    before = resolution;
  }
  expect(resolutionAt(0, 0)).toBe(0);
  expect(before).toBe(10);
});

test("a box holds what is seen, and stays while the map moves a little", () => {
  const box = boxAround([120.01, 30.02, 120.3, 30.2], 9);
  expect(box).toBeDefined();
  const [west = 0, south = 0, east = 0, north = 0] = (box ?? "").split(",").map(Number);
  expect([west <= 120.01, south <= 30.02, east >= 120.3, north >= 30.2]).not.toContain(false);
  expect(boxAround([120.02, 30.03, 120.31, 30.21], 9)).toBe(box);
  expect(boxAround([-200, -90, 200, 90], 0)).toBeUndefined();
});
