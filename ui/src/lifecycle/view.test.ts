import { expect, test } from "vitest";
import { asked, three, whole } from "./view";

test("only whole numbers from one on are asked for", () => {
  const texts = ["30", " 7 ", "0", "-3", "1.5", "x", "", undefined];
  expect(texts.map(whole)).toEqual([30, 7, ...Array(6).fill(undefined)]);
  const view = { back: "nonsense", window: "365", ends: "", by: "else", new: "9", lost: "?" };
  expect(asked(view)).toMatchObject({ by: undefined, new: 9, lost: undefined, back: 90 });
});

test("three ascending numbers part the states", () => {
  expect(three("2, 5，9")).toBe("2,5,9");
  for (const wrong of ["", "2,5", "1,5,9", "5,5,9", "2,5,9,12", "a,b,c"]) {
    expect(three(wrong)).toBeUndefined();
  }
});
