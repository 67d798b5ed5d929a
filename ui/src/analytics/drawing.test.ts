import { expect, test } from "vitest";
import { circular, drawn } from "./drawing";
import { escaped } from "./html";

const TABLE = {
  name: "steps",
  columns: [
    { name: "step", kind: "step", key: true, drill: false },
    { name: "event", kind: "event", key: false, drill: false },
    { name: "group", kind: "group", key: true, drill: false },
    { name: "rate", kind: "share", key: false, drill: false },
  ],
  rows: [
    [1, "A", "web", 1],
    [1, "A", "app", 1],
    [2, "B", "web", 0.5],
  ],
};
const TOOLS = {
  show: (_: string, value: unknown) => String(value),
  name: (column: string) => column,
  shade: "light" as const,
  narrow: false,
};

interface Option {
  xAxis: { data: string[] };
  series: { name: string; data: { value: unknown; row?: number }[] }[];
}

test("rows are parted into series by a column, with gaps where a row is missing", () => {
  const chart = { kind: "bar" as const, table: "steps", x: "step", y: ["rate"], by: "group" };
  const { option, numbers } = drawn(chart, TABLE, TOOLS);
  const { xAxis, series } = option as unknown as Option;
  expect(xAxis.data).toEqual(["1. A", "2. B"]);
  expect(series.map(({ name }) => name)).toEqual(["web", "app"]);
  expect(series[0]?.data).toEqual([
    { value: 1, row: 0 },
    { value: 0.5, row: 2 },
  ]);
  expect(series[1]?.data).toEqual([{ value: 1, row: 1 }, { value: null }]);
  expect(numbers.columns).toEqual(["step", "event", "group", "rate"]);
  expect(numbers.rows).toEqual(TABLE.rows);
});

test("axes are called by the columns that are read on them, one for each unit", () => {
  const columns = [
    { name: "day", kind: "day", key: true, drill: false },
    { name: "people", kind: "count", key: false, drill: false },
    { name: "orders", kind: "count", key: false, drill: false },
    { name: "rate", kind: "share", key: false, drill: false },
  ];
  const table = { name: "days", columns, rows: [["2026-11-01", 3, 1, 0.5]] };
  const y = ["people", "orders", "rate"];
  const chart = { kind: "line" as const, table: "days", x: "day", y, by: "" };
  const { option } = drawn(chart, table, TOOLS);
  const { xAxis, yAxis } = option as unknown as {
    xAxis: { name: string };
    yAxis: { name: string }[];
  };
  expect(xAxis.name).toBe("day");
  expect(yAxis.map(({ name }) => name)).toEqual(["people / orders", "rate"]);
});

test("a ranking is sorted, and each bar says its words that are there", () => {
  const chart = { kind: "ranking" as const, table: "steps", x: "event", y: ["rate"], by: "group" };
  const rows = [
    [1, null, "web", 0.2],
    [2, "B", "app", 0.9],
  ];
  const { option } = drawn(chart, { ...TABLE, rows }, TOOLS);
  const { yAxis, series } = option as unknown as Option & { yAxis: { data: string[] } };
  expect(yAxis.data).toEqual(["B · app", "web"]);
  expect(series[0]?.data.map(({ row }) => row)).toEqual([1, 0]);
});

test("a curve is a line through dots, in one colour for each group", () => {
  const chart = {
    kind: "curve" as const,
    table: "curve",
    x: "spend",
    y: ["expected", "observed"],
    by: "group",
  };
  const columns = ["group", "spend", "expected", "observed"].map((name) => ({
    name,
    kind: name === "group" ? "group" : "money",
    key: false,
    drill: false,
  }));
  const rows = [
    ["a", 0, 1, null],
    ["a", 10, 5, null],
    ["a", 7, null, 4],
    ["b", 0, 2, null],
  ];
  const { option } = drawn(chart, { name: "curve", columns, rows }, TOOLS);
  const { series } = option as unknown as {
    series: { type: string; name: string; data: object }[];
  };
  expect(series.map(({ type, name }) => `${type} ${name}`)).toEqual([
    "line a",
    "scatter a",
    "line b",
    "scatter b",
  ]);
  expect(series[0]?.data).toEqual([
    { value: [0, 1], row: 0 },
    { value: [10, 5], row: 1 },
  ]);
  expect(series[1]?.data).toEqual([{ value: [7, 4], row: 2 }]);
  expect(series[3]?.data).toEqual([]);
});

test("cells hold short numbers without a unit, or none", () => {
  const chart = { kind: "triangle" as const, table: "money", x: "step", y: ["each"], by: "group" };
  const show = (kind: string, value: unknown) => `${value}${kind === "money" ? " CNY" : ""}`;
  const label = (money: number) => {
    const table = {
      name: "money",
      columns: [
        { name: "step", kind: "step", key: true, drill: false },
        { name: "group", kind: "group", key: true, drill: false },
        { name: "each", kind: "money", key: false, drill: false },
      ],
      rows: [[1, "A", money]],
    };
    const { option } = drawn(chart, table, { ...TOOLS, show });
    const { series } = option as unknown as {
      series: { label: { show: boolean; formatter: (one: { value: number[] }) => string } }[];
    };
    const one = series[0]?.label;
    return one?.show && one.formatter({ value: [0, 0, money] });
  };
  expect(label(76.5)).toBe("77");
  expect(label(1_234_567.8)).toBe(false);
});

test("ways that lead back are seen", () => {
  const way = (source: string, target: string) => ({ source, target });
  expect(circular([way("a", "b"), way("b", "c"), way("a", "c")])).toBe(false);
  expect(circular([way("a", "b"), way("b", "c"), way("c", "a")])).toBe(true);
  expect(circular([way("a", "a")])).toBe(true);
});

test("what an event is called is never read as HTML", () => {
  expect(escaped('<b title="x">&')).toBe("&lt;b title=&quot;x&quot;&gt;&amp;");
});

test("a step is called by its event or by a word, and a null by its column", () => {
  const table = {
    name: "stages",
    columns: [
      { name: "step", kind: "step", key: true, drill: false },
      { name: "stage", kind: "word", key: false, drill: false },
      { name: "target", kind: "group", key: true, drill: false },
      { name: "reached", kind: "count", key: false, drill: true },
    ],
    rows: [
      [1, "aware", "web", 2],
      [2, "buying", null, 3],
    ],
  };
  const show = (_: string, value: unknown, column = "") =>
    value === null ? `no ${column}` : String(value);
  const chart = { kind: "funnel" as const, table: "stages", x: "step", y: ["reached"], by: "" };
  const { option } = drawn(chart, table, { ...TOOLS, show });
  const { yAxis, xAxis } = option as unknown as { yAxis: Option["xAxis"]; xAxis: { max: number } };
  expect(yAxis.data).toEqual(["1. aware", "2. buying"]);
  // A later step may have more than the first.
  expect(xAxis.max).toBe(3);
  const bars = drawn({ ...chart, kind: "bar", x: "target" }, table, { ...TOOLS, show });
  expect((bars.option as unknown as Option).xAxis.data).toEqual(["web", "no target"]);
});

test("bars go below nothing where a value does, and few words are all written", () => {
  const table = {
    name: "touchpoints",
    columns: [
      { name: "group", kind: "group", key: true, drill: false },
      { name: "more", kind: "number", key: false, drill: false },
    ],
    rows: [
      ["mail", 2.5],
      ["ad", -1],
    ],
  };
  const chart = { kind: "bar" as const, table: "touchpoints", x: "group", y: ["more"], by: "" };
  interface Axes {
    xAxis: { axisLabel: { interval?: number } };
    yAxis: { min?: number; axisLabel: { formatter: (value: number) => string } }[];
  }
  const axesOf = (rows: unknown[][]) =>
    drawn(chart, { ...table, rows }, TOOLS).option as unknown as Axes;
  const both = axesOf(table.rows);
  expect(both.yAxis[0]?.min).toBeUndefined();
  expect(both.yAxis[0]?.axisLabel.formatter(2.5)).toBe("2.5");
  expect(both.xAxis.axisLabel.interval).toBe(0);
  expect(axesOf([["mail", 2]]).yAxis[0]?.min).toBe(0);
});
