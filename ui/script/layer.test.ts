import { beforeEach, expect, test, vi } from "vitest";
import { lay, shown } from "./layer";

const BOX = { left: 10, top: 20, width: 80, height: 40 };
const CLICKS = {
  title: "<b>Clicks</b>",
  notes: ["40 clicks"],
  missing: "Not here",
  close: "Close",
  marks: [
    { selector: "#buy", label: "40", part: 1 },
    { selector: "#gone", label: "9", part: 0.2 },
    { selector: "][", label: "8", part: 0.2 },
  ],
  depths: [{ at: 0.5, label: "62 %" }],
};

beforeEach(() => {
  document.body.innerHTML = '<button id="buy">Buy</button><p id="flat"></p>';
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  Element.prototype.getBoundingClientRect = function (this: Element) {
    return (this.id === "buy" ? BOX : { width: 0, height: 0 }) as DOMRect;
  };
});

test("numbers stand on what is there, and what is not is listed", () => {
  const closed = vi.fn();
  const away = lay(CLICKS, closed);
  const root = document.querySelector("[data-hs-clicks]")?.shadowRoot;
  const numbers = [...(root?.querySelectorAll("div > span") ?? [])].map((one) => one.textContent);
  expect(numbers).toEqual(["62 %", "40", "9", "8"]);
  const placed = [...(root?.children ?? [])].map((one) => (one as HTMLElement).style.transform);
  expect(placed).toContain("translate(90px, 28px)");
  expect([...(root?.querySelectorAll("li") ?? [])].map((one) => one.textContent)).toEqual([
    "9 · #gone",
    "8 · ][",
  ]);
  // Words are words, whatever they hold.
  expect(root?.querySelector("strong")?.textContent).toBe("<b>Clicks</b>");
  root?.querySelector("button")?.click();
  expect(closed).toHaveBeenCalledOnce();
  away();
  expect(document.querySelector("[data-hs-clicks]")).toBeNull();
});

test("what has no size is not shown", () => {
  expect(shown("#buy")?.id).toBe("buy");
  expect(shown("#flat")).toBeUndefined();
});
