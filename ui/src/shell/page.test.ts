import { expect, test } from "vitest";
import { helpOf, oneOf, page, reaches, written } from "./page";
import { pages } from "./pages";

const list = page({
  path: "/list",
  title: "shell.menu",
  view: (raw) => ({
    band: raw.band ?? "",
    sort: oneOf(raw.sort, ["up", "down"]),
    top: Number(raw.top ?? 10),
  }),
  load: () => Promise.reject(new Error("never loaded")),
});

test("a view goes into an address and comes back", () => {
  const view = { band: "hot", sort: "down" as const, top: 50 };
  expect(list.view?.(written(list, view))).toEqual(view);
});

test("what holds anyway stands in no address", () => {
  expect(written(list, { band: "", sort: "up", top: 10 })).toEqual({});
});

test("a word that an address may not say is taken for the first", () => {
  expect(list.view?.({ sort: "sideways" })).toMatchObject({ sort: "up" });
});

test("each role may all that the one before it may", () => {
  expect(reaches("admin", "analyst")).toBe(true);
  expect(reaches("operator", "analyst")).toBe(false);
});

test("every room has its own address", () => {
  const paths = pages.map((one) => one.path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths).toContain("/");
});

test("no two pages of the navigation look alike", () => {
  const icons = pages.flatMap((one) => one.icon ?? []);
  expect(new Set(icons).size).toBe(icons.length);
});

test("help is that of the part that is shown", () => {
  const parts = page({ ...list, help: (raw) => (raw.band ? "guide/map" : "guide/plan") });
  expect(helpOf(parts, { band: "hot" })).toBe("guide/map");
  expect(helpOf(parts, {})).toBe("guide/plan");
  expect(helpOf({ ...list, help: "guide/map" }, {})).toBe("guide/map");
  expect(helpOf(list, {})).toBe("start");
});

const inside = pages.filter((one) => !one.open);

test.each(inside.map((one) => [one.path, one] as const))("%s has a guide", (_, one) => {
  expect(helpOf(one, {})).toMatch(/^guide\//);
});
