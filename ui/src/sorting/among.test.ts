import { expect, test } from "vitest";
import { parted, scored } from "./among";

test("a tier may hold a colon", () => {
  expect(parted("tier:tr_1:Gold: best")).toEqual({ kind: "tier", id: "tr_1", rest: "Gold: best" });
  expect(parted("")).toEqual({ kind: "", id: "", rest: "" });
});

test("only a score begins with a number of points", () => {
  expect(scored("score:sc_1")).toBe("score:sc_1:0");
  expect(scored("tag:tg_1")).toBe("tag:tg_1");
});
