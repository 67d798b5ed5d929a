import { expect, test } from "vitest";
import { addressOf, clicksOf, originOf, pathAsked } from "./onPage";

const column = (name: string) => ({ name, kind: "text", key: false, drill: false });
const TABLES = [
  {
    name: "elements",
    columns: ["selector", "clicks", "people"].map(column),
    rows: [
      ["#buy", 40, 12],
      ["#more", 10, 5],
      ["#rare", 9, 4],
      ["#gone", 0, 0],
      [null, 7, 7],
      ["…", 3, null],
    ],
  },
  {
    name: "scroll",
    columns: ["depth", "views", "reached"].map(column),
    rows: [
      [0.1, 20, 1],
      [0.2, 4, 0.2],
    ],
  },
  {
    name: "pages",
    columns: ["page", "address"].map(column),
    rows: [
      ["/", null],
      ["/tea", "https://shop.example/tea"],
    ],
  },
];
const FIGURES = { people: 12, views: 20 };
const SAID = {
  title: "Clicks",
  period: "June",
  sums: (clicks: number, views: number) => `${clicks} in ${views}`,
  few: "few",
  withheld: (count: number) => `${count} left out`,
  missing: "missing",
  close: "close",
  count: String,
  seen: (share: number) => `${share * 100} %`,
};

test("what few people did is not told on a page of others", () => {
  const { marks, notes, depths } = clicksOf({ tables: TABLES, figures: FIGURES }, SAID);
  expect(marks).toEqual([
    { selector: "#buy", label: "40", part: 1 },
    { selector: "#more", label: "10", part: 0.25 },
  ]);
  expect(notes).toEqual(["50 in 20", "June", "3 left out"]);
  expect(depths).toEqual([{ at: 0.1, label: "100 %" }]);
  const few = clicksOf({ tables: TABLES, figures: { ...FIGURES, people: 4 } }, SAID);
  expect(few).toMatchObject({ marks: [], depths: [], notes: ["few", "June"] });
});

test("only pages of the web are opened, and only questions for clicks are heard", () => {
  expect(addressOf({ tables: TABLES })).toBe("https://shop.example/tea");
  expect(addressOf({ tables: [] })).toBe("");
  expect(originOf("https://shop.example/tea?x")).toBe("https://shop.example");
  for (const other of ["javascript:alert(1)", "data:text/html,x", "shop.example", ""]) {
    expect(originOf(other)).toBeUndefined();
  }
  expect(pathAsked({ hotspring: "clicks", path: "/tea" })).toBe("/tea");
  for (const other of [null, "clicks", { hotspring: "clicks" }, { path: "/tea" }]) {
    expect(pathAsked(other)).toBeUndefined();
  }
});
