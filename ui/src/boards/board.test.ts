import { expect, test } from "vitest";
import { type Card, chartName, merged, moved, placed, sized } from "./arrange";
import { before, reached, usual, weekdays } from "./target";

const card = (id: string): Card => ({
  id,
  report: "rp",
  report_name: "Mine",
  show: "figure",
  name: "rate",
  title: "",
  width: 2,
  height: 2,
  target: null,
  alert: false,
});
const three = ["a", "b", "c"].map(card);
const order = (cards: Card[]) => cards.map(({ id }) => id).join("");

test("cards are moved, and stay within the row of them", () => {
  expect(order(moved(three, "a", 1))).toBe("bac");
  expect(order(moved(three, "a", -1))).toBe("abc");
  expect(order(moved(three, "c", 5))).toBe("abc");
  expect(order(moved(three, "x", 1))).toBe("abc");
  expect(order(placed(three, "c", "a"))).toBe("cab");
  expect(order(placed(three, "a", "c"))).toBe("bca");
});

test("a card is as large as there is room, and no other one changes", () => {
  const [first, second] = sized(three, "a", 9, 0);
  expect([first?.width, first?.height]).toEqual([4, 1]);
  expect(second).toBe(three[1]);
});

test("what others did meanwhile is taken into one's own arrangement", () => {
  const mine = sized(moved(three, "a", 2), "c", 4, 1);
  const [a, , c] = three.map((one) => ({ ...one, title: "theirs" }));
  // They named a and c, took off b and pinned d.
  const now = merged(three, mine, [a, c, card("d")] as Card[]);
  expect(order(now)).toBe("cad");
  expect(now.map(({ title, width }) => [title, width])).toEqual([
    ["", 4],
    ["theirs", 2],
    ["", 2],
  ]);
  expect(merged(three, mine, three)).toEqual(mine);
});

test("a chart has a name of its own", () => {
  const chart = { kind: "line" as const, table: "trend", x: "day", y: ["dau", "wau"], by: "" };
  expect(chartName(chart)).toBe("line trend dau,wau");
  expect(chartName({ ...chart, by: "group" })).toBe("line trend dau,wau group");
});

test("the period before is as long and ends where the period begins", () => {
  const asked = { days: 30, by: "channel" };
  expect(before(asked, { from: "2026-02-01", until: "2026-03-02" })).toEqual({
    ...asked,
    from: "2026-01-02",
    until: "2026-01-31",
  });
  expect(before({}, { from: "2026-03-01", until: "2026-03-01" })).toEqual({
    from: "2026-02-28",
    until: "2026-02-28",
  });
});

test("a figure is held to a value or to the period before, from either side", () => {
  const target = { value: null, change: 0, less: false, weeks: 0 };
  expect(reached(80, { ...target, value: 100 }, undefined)).toEqual({
    goal: 100,
    over: -20,
    share: 0.8,
    met: false,
  });
  expect(reached(80, { ...target, value: 100, less: true }, undefined)?.met).toBe(true);
  expect(reached(66, { ...target, change: 0.5 }, 40)).toMatchObject({ goal: 60, met: true });
  expect(reached(5, target, 0)).toEqual({ goal: 0, over: 5, share: undefined, met: true });
  expect(reached(5, target, null)).toBeUndefined();
  expect(reached(null, { ...target, value: 1 }, 1)).toBeUndefined();
});

test("the last day that is over is held to the same weekdays before", () => {
  const answer = {
    until: "2026-03-04",
    as_of: "2026-03-03T16:30:00.000Z",
    timezone: "Asia/Shanghai",
  };
  const days = weekdays({ days: 30 }, answer, 2).map(({ from, until }) => [from, until]);
  expect(days).toEqual([
    ["2026-03-03", "2026-03-03"],
    ["2026-02-24", "2026-02-24"],
    ["2026-02-17", "2026-02-17"],
  ]);
  const [over] = weekdays({}, { ...answer, until: "2026-02-01" }, 0);
  expect(over?.from).toBe("2026-02-01");
});

test("what is usual lies about the median, whatever one odd day was", () => {
  expect(usual([10, 11, null])).toBeUndefined();
  const found = usual([100, 104, 96, 102, 98, 5_000]);
  expect(found?.low).toBeGreaterThan(80);
  expect(found?.high).toBeLessThan(125);
  const mondays = usual([100, 104, 96, 102, 98, 101, 99, 5_000]);
  expect(mondays?.low).toBeCloseTo(90.12, 2);
  expect(mondays?.high).toBeCloseTo(110.88, 2);
  expect(usual([0, 7, 9, 12])?.low).toBe(0);
  expect(usual([-1, 7, 9, 12])?.low).toBeLessThan(0);
  expect(usual([50, 50, 50, 50])).toEqual({ low: 45, high: 55 });
});
