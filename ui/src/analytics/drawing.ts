import type { Numbers, Option } from "../charts/Chart";
import { COLOURS, GROUP_COLOURS, type Shade } from "../shell/theme";
import type { Column, Drawing, Table } from "./asked";
import { curve } from "./curve";
import type { Show } from "./figures";
import { escaped } from "./html";

/** What a chart is drawn with. */
export interface Tools {
  show: Show;
  /** What a column is called. */
  name: (column: string) => string;
  shade: Shade;
  narrow: boolean;
}

export interface Drawn {
  option: Option;
  numbers: Numbers;
  height: number;
}

type Row = unknown[];
/** What is drawn remembers its row, so that a click leads to who is behind it. */
interface Datum {
  value: unknown;
  row: number;
}

const SYMBOLS = ["circle", "rect", "triangle", "diamond", "roundRect", "pin", "arrow"];
const DASHES = ["solid", "dashed", "dotted"];
const ROW_PX = 30;
const [LEAST_PX, MOST_PX] = [220, 900];
/** Says from which step a stream flows, where the same name comes again and again. */
const LEVEL = "level";
/** Bars of a ranking. */
const LONGEST = 20;
/** So many columns of a heat map leave room for a number in each cell. */
const ROOMY = 16;
/** Pixels below which a word under an axis is not worth showing. */
const NARROWEST = 48;
/** Kinds whose values stand on an axis without filled-up places. */
const PLAIN = ["number", "money"];
/** From these parts of the most on, letters of the other shade are read better. */
const TURNED = { light: 0.8, dark: 0.53 };
/** So many characters have room in a cell. */
const CELL = 5;

/** The column that says what a step is: its event, or a word for it. */
export function stepName({ columns }: Table): Column | undefined {
  return columns.find(({ kind }) => kind === "event" || kind === "word");
}

/** One chart of an answer: columns of one of its tables, read once. */
export class Read {
  readonly table: Table;
  readonly chart: Drawing;
  readonly tools: Tools;

  constructor(chart: Drawing, table: Table, tools: Tools) {
    this.chart = chart;
    this.table = table;
    this.tools = tools;
  }

  column(name: string): Column | undefined {
    return this.table.columns.find((one) => one.name === name);
  }

  value(row: Row, name: string): unknown {
    return row[this.table.columns.findIndex((one) => one.name === name)];
  }

  kind(name: string): string {
    return this.column(name)?.kind ?? "text";
  }

  /** A value of a column as people read it; steps carry the name of their event. */
  said(row: Row, name: string): string {
    const shown = this.tools.show(this.kind(name), this.value(row, name), name);
    const called = stepName(this.table);
    if (this.kind(name) !== "step" || !called) return shown;
    return `${shown}. ${this.tools.show(called.kind, this.value(row, called.name))}`;
  }

  /** Every value of a column once, as it is read, in the order of the rows. */
  words(name: string): string[] {
    return [...new Set(this.table.rows.map((row) => this.said(row, name)))];
  }
}

/** How an answer draws columns of a table, and the numbers that are drawn. */
export function drawn(chart: Drawing, table: Table, tools: Tools): Drawn {
  const read = new Read(chart, table, tools);
  const own = { funnel, line, bar, ranking, curve, heat, triangle: heat, sankey }[chart.kind](read);
  return { ...own, numbers: numbersOf(read) };
}

function numbersOf({ chart, table, tools }: Read): Numbers {
  const names = [chart.x, ...(chart.by ? [chart.by] : []), ...chart.y];
  const called = stepName(table)?.name;
  if (called && !names.includes(called)) names.splice(1, 0, called);
  const places = names.map((name) => table.columns.findIndex((one) => one.name === name));
  return {
    columns: names.map(tools.name),
    rows: table.rows.map((row) => places.map((at) => (row[at] ?? null) as string | number | null)),
    show: (value, at) =>
      tools.show(table.columns[places[at] ?? 0]?.kind ?? "text", value, names[at]),
  };
}

export type Made = Omit<Drawn, "numbers">;

/** Bars from the first step down, each with what it is of the first. */
function funnel(read: Read): Made {
  const { chart, table, tools } = read;
  const { soft, line: faint, ink } = COLOURS[tools.shade];
  const [name = ""] = chart.y;
  const values = table.rows.map((row) => Number(read.value(row, name) ?? 0));
  const first = values[0] || 1;
  const most = Math.max(first, ...values);
  const label = ({ dataIndex }: { dataIndex: number }) => {
    const value = values[dataIndex] ?? 0;
    return `${tools.show(read.kind(name), value)} · ${tools.show("share", value / first)}`;
  };
  const steps = table.rows.map((row) => read.said(row, chart.x));
  return {
    height: Math.max(140, steps.length * 52 + 24),
    option: {
      grid: { left: 8, right: tools.narrow ? 108 : 120, top: 8, bottom: 8, containLabel: true },
      xAxis: { type: "value", show: false, max: most },
      yAxis: {
        type: "category",
        inverse: true,
        data: steps,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: ink, width: tools.narrow ? 110 : 220, overflow: "break" },
      },
      series: [
        {
          type: "bar",
          data: values.map((value, row): Datum => ({ value, row })),
          barWidth: 26,
          showBackground: true,
          backgroundStyle: { color: faint, opacity: 0.5 },
          itemStyle: { color: GROUP_COLOURS[tools.shade][0] },
          label: { show: true, position: "right", formatter: label, color: soft },
        },
      ],
    },
  };
}

interface Series {
  name: string;
  column: string;
  data: (Datum | null)[];
}

/** Columns side by side, or one column by the groups of another. */
function seriesOf(read: Read, words: string[]): Series[] {
  const { chart, table } = read;
  const place = new Map(words.map((word, at) => [word, at]));
  const found = new Map<string, Series>();
  table.rows.forEach((row, at) => {
    for (const column of chart.y) {
      const group = chart.by ? read.said(row, chart.by) : "";
      const own = chart.y.length > 1 || !chart.by ? read.tools.name(column) : "";
      const name = [group, own].filter(Boolean).join(" · ");
      const series = found.get(name) ?? { name, column, data: words.map(() => null) };
      found.set(name, series);
      const value = read.value(row, column);
      const x = place.get(read.said(row, chart.x));
      if (x !== undefined) series.data[x] = { value: value ?? null, row: at };
    }
  });
  return [...found.values()];
}

/** The columns that are read on the axis of a kind, as they are called. */
function measured(read: Read, kind: string): string[] {
  const columns = read.chart.y.filter((column) => read.kind(column) === kind);
  return [...new Set(columns.map((column) => read.tools.name(column)))];
}

function axes(read: Read, kinds: string[], all: Series[]) {
  const { tools } = read;
  const { show } = tools;
  const below = all.some(({ data }) => data.some((one) => Number(one?.value ?? 0) < 0));
  const plain = (value: number) => String(Math.round(value * 100) / 100);
  return kinds.slice(0, 2).map((kind, at) => ({
    type: "value",
    name: measured(read, kind).join(" / "),
    // A long one ends before it meets that of the other axis.
    nameTextStyle: { align: at === 0 ? "left" : "right" },
    nameTruncate: { maxWidth: (tools.narrow ? 280 : 640) / Math.min(kinds.length, 2) },
    min: below ? undefined : 0,
    position: at === 0 ? "left" : "right",
    splitLine: { show: at === 0 },
    minInterval: kind === "count" ? 1 : undefined,
    axisLabel: {
      hideOverlap: true,
      formatter: (value: number) =>
        kind === "share"
          ? `${Math.round(value * 100)}%`
          : PLAIN.includes(kind) && !Number.isInteger(value)
            ? plain(value)
            : show(kind === "money" ? "number" : kind, value),
    },
  }));
}

/** Words under an axis: few are all there, each as wide as there is room for. */
function labels(read: Read, many: number) {
  const { chart, tools } = read;
  if (read.kind(chart.x) === "day") return { hideOverlap: true };
  const wide = tools.narrow ? 260 : 660;
  const few = many > 0 && wide / many >= NARROWEST;
  const width = few ? Math.floor(wide / many) - 8 : tools.narrow ? 70 : 140;
  return { overflow: "truncate", width, ...(few ? { interval: 0 } : { hideOverlap: true }) };
}

function along(read: Read, type: "line" | "bar"): Made {
  const { chart, tools } = read;
  const words = read.words(chart.x);
  const all = seriesOf(read, words);
  const kinds = [...new Set(all.map(({ column }) => read.kind(column)))];
  const axis = (column: string) => Math.min(kinds.indexOf(read.kind(column)), 1);
  const kindAt = new Map(all.map(({ name, column }) => [name, read.kind(column)]));
  const colours = GROUP_COLOURS[tools.shade];
  const look = (at: number) =>
    type === "line"
      ? {
          symbol: SYMBOLS[at % SYMBOLS.length],
          symbolSize: 6,
          showSymbol: words.length <= 40,
          lineStyle: { type: DASHES[Math.floor(at / colours.length) % DASHES.length] },
        }
      : { barMaxWidth: 48 };
  const legend = all.length > 1;
  return {
    height: 330,
    option: {
      color: colours,
      aria: { enabled: true, label: { enabled: false }, decal: { show: type === "bar" && legend } },
      grid: { left: 8, right: 16, top: legend ? 64 : 36, bottom: 24, containLabel: true },
      legend: { show: legend, type: "scroll", top: 0, left: 0 },
      tooltip: { trigger: "axis", confine: true, formatter: tip },
      xAxis: {
        type: "category",
        name: tools.name(chart.x),
        nameLocation: "middle",
        nameGap: 30,
        data: words,
        boundaryGap: type === "bar",
        axisLabel: labels(read, words.length),
      },
      yAxis: axes(read, kinds, all),
      series: all.map(({ name, column, data }, at) => ({
        type,
        name,
        data: data.map((one) => one ?? { value: null }),
        yAxisIndex: axis(column),
        connectNulls: false,
        ...look(at),
      })),
    },
  };
  function tip(points: { seriesName: string; name: string; value: unknown; marker: string }[]) {
    const lines = points.map(({ seriesName, value, marker }) => {
      const shown = tools.show(kindAt.get(seriesName) ?? "number", value ?? null);
      return `${marker}${escaped(seriesName)} <b>${escaped(shown)}</b>`;
    });
    return [escaped(points[0]?.name ?? ""), ...lines].join("<br/>");
  }
}

const line = (read: Read) => along(read, "line");

/** Bars side by side; where most pairs of groups are empty, one below the other, the longest first. */
function bar(read: Read): Made {
  const { chart, table } = read;
  if (!chart.by) return along(read, "bar");
  const pairs = read.words(chart.x).length * read.words(chart.by).length;
  if (table.rows.length * 2 >= pairs) return along(read, "bar");
  return ranked(read, (row) => `${read.said(row, chart.by)} → ${read.said(row, chart.x)}`);
}

/** Bars one below the other, the longest first, each by its words. */
function ranking(read: Read): Made {
  const { chart } = read;
  const names = [chart.x, chart.by].filter(Boolean);
  const label = (row: Row) =>
    names
      .filter((name) => read.value(row, name) !== null)
      .map((name) => read.said(row, name))
      .join(" · ");
  return ranked(read, label);
}

function ranked(read: Read, label: (row: Row) => string): Made {
  const { chart, table, tools } = read;
  const [name = ""] = chart.y;
  const { ink, soft } = COLOURS[tools.shade];
  const all = table.rows
    .map((row, at) => ({
      value: Number(read.value(row, name) ?? 0),
      row: at,
      label: label(row),
    }))
    .sort((one, other) => other.value - one.value)
    .slice(0, LONGEST);
  const shown = ({ value }: { value: number }) => tools.show(read.kind(name), value);
  return {
    height: Math.max(140, all.length * 26 + 16),
    option: {
      grid: { left: 8, right: 72, top: 8, bottom: 8, containLabel: true },
      xAxis: { type: "value", show: false, min: 0 },
      yAxis: {
        type: "category",
        inverse: true,
        data: all.map(({ label }) => label),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: ink, width: tools.narrow ? 150 : 320, overflow: "truncate" },
      },
      series: [
        {
          type: "bar",
          data: all,
          itemStyle: { color: GROUP_COLOURS[tools.shade][0] },
          label: { show: true, position: "right", formatter: shown, color: soft },
        },
      ],
    },
  };
}

/** A cell for each pair of two columns, the darker the more; a triangle is one with empty cells. */
function heat(read: Read): Made {
  const { chart, table, tools } = read;
  const { page, link, ink } = COLOURS[tools.shade];
  const [name = ""] = chart.y;
  const across = read.words(chart.x);
  const down = chart.by ? read.words(chart.by) : [tools.name(name)];
  const data = table.rows.flatMap((row, at) => {
    const value = read.value(row, name);
    if (typeof value !== "number") return [];
    const y = chart.by ? down.indexOf(read.said(row, chart.by)) : 0;
    return [{ value: [across.indexOf(read.said(row, chart.x)), y, value], row: at }];
  });
  const most = Math.max(...data.map(({ value }) => value[2] ?? 0), 0);
  const shown = (value: number) =>
    read.kind(name) === "share"
      ? `${Math.round(value * 100)}%`
      : tools.show(read.kind(name), value);
  // Units stand in the legend: with one in each cell a number lay over the next.
  const cell = (value: number) =>
    read.kind(name) === "share" ? shown(value) : tools.show("count", Math.round(value));
  const fitting = data.every(({ value }) => cell(value[2] ?? 0).length <= CELL);
  const roomy = fitting && across.length <= (tools.narrow ? 6 : ROOMY);
  return {
    height: Math.min(Math.max(down.length * ROW_PX + 90, LEAST_PX), MOST_PX),
    option: {
      grid: { left: 8, right: 8, top: 8, bottom: 48, containLabel: true },
      tooltip: { trigger: "item", confine: true, formatter: tip },
      xAxis: { type: "category", data: across, axisLabel: { hideOverlap: true } },
      yAxis: { type: "category", data: down, inverse: true },
      visualMap: {
        type: "continuous",
        min: 0,
        max: most || 1,
        orient: "horizontal",
        left: "center",
        bottom: 0,
        itemHeight: 120,
        itemWidth: 10,
        text: [shown(most), shown(0)],
        textStyle: { color: ink },
        inRange: { color: [page, link] },
      },
      series: [
        {
          type: "heatmap",
          data: data.map((one) => ({
            ...one,
            label: {
              color:
                (one.value[2] ?? 0) > most * TURNED[tools.shade] ? COLOURS[tools.shade].paper : ink,
            },
          })),
          label: {
            show: roomy,
            formatter: ({ value }: { value: number[] }) => cell(value[2] ?? 0),
          },
          itemStyle: { borderColor: COLOURS[tools.shade].paper, borderWidth: 1 },
        },
      ],
    },
  };
  function tip({ value: [x = 0, y = 0, value = 0] }: { value: number[] }) {
    const where = `${escaped(down[y] ?? "")} · ${escaped(across[x] ?? "")}`;
    return `${where}<br/><b>${escaped(tools.show(read.kind(name), value))}</b>`;
  }
}

/** Streams from the words of one column to those of another. */
function sankey(read: Read): Made {
  const { chart, table, tools } = read;
  const { ink } = COLOURS[tools.shade];
  const [name = ""] = chart.y;
  const level = table.columns.some((one) => one.name === LEVEL);
  const plain = table.rows.map((row, at) => {
    const from = level ? Number(read.value(row, LEVEL)) : 0;
    return {
      source: level ? `${from}\u0000${read.said(row, chart.x)}` : read.said(row, chart.x),
      target: level ? `${from + 1}\u0000${read.said(row, chart.by)}` : read.said(row, chart.by),
      value: Number(read.value(row, name) ?? 0),
      row: at,
    };
  });
  // Where a way leads back, what is drawn must have two sides.
  const sides = circular(plain);
  const links = plain.map((way) => (sides ? { ...way, source: `\u0000${way.source}` } : way));
  const names = [...new Set(links.flatMap(({ source, target }) => [source, target]))];
  const bare = (node: string) => node.split("\u0000").at(-1) ?? node;
  const own = [...new Set(names.map(bare))];
  const colours = GROUP_COLOURS[tools.shade];
  const colour = (node: string) => colours[own.indexOf(bare(node)) % colours.length];
  return {
    height: Math.min(Math.max(names.length * 24, 320), MOST_PX),
    option: {
      tooltip: { trigger: "item", confine: true, formatter: tip },
      series: [
        {
          type: "sankey",
          left: 8,
          right: tools.narrow ? 90 : 160,
          top: 8,
          bottom: 8,
          nodeGap: 10,
          nodeWidth: 12,
          draggable: false,
          // A way that ends stands where it ends, not at the far side.
          nodeAlign: "left",
          lineStyle: { color: "source", opacity: 0.35 },
          label: {
            color: ink,
            width: tools.narrow ? 80 : 150,
            overflow: "truncate",
            formatter: ({ name: node }: { name: string }) => bare(node),
          },
          // The names of thin streams would lie over each other.
          labelLayout: { hideOverlap: true },
          data: names.map((node) => ({ name: node, itemStyle: { color: colour(node) } })),
          links,
        },
      ],
    },
  };
  function tip({ name: node, value, data }: Streamed) {
    const what = data.source ? `${bare(data.source)} → ${bare(data.target ?? "")}` : bare(node);
    return `${escaped(what)}<br/><b>${escaped(tools.show(read.kind(name), value))}</b>`;
  }
}

interface Streamed {
  name: string;
  value: number;
  data: { source?: string; target?: string };
}

/** Does any way lead back to where it began? */
export function circular(ways: { source: string; target: string }[]): boolean {
  const next = new Map<string, string[]>();
  for (const { source, target } of ways) next.set(source, [...(next.get(source) ?? []), target]);
  const state = new Map<string, "open" | "done">();
  const leadsBack = (node: string): boolean => {
    const now = state.get(node);
    if (now) return now === "open";
    state.set(node, "open");
    const found = (next.get(node) ?? []).some(leadsBack);
    state.set(node, "done");
    return found;
  };
  return [...next.keys()].some(leadsBack);
}
