import { GROUP_COLOURS } from "../shell/theme";
import type { Made, Read } from "./drawing";
import { escaped } from "./html";

const SYMBOLS = ["circle", "rect", "triangle", "diamond"];

/** What is expected as a line, what was observed as dots, both by a number: a colour for each group. */
export function curve(read: Read): Made {
  const { chart, table, tools } = read;
  const [expected = "", observed = ""] = chart.y;
  const colours = GROUP_COLOURS[tools.shade];
  const groups = chart.by ? read.words(chart.by) : [""];
  const points = (group: string, column: string) =>
    table.rows.flatMap((row, at) => {
      const [x, y] = [read.value(row, chart.x), read.value(row, column)];
      const own = !chart.by || read.said(row, chart.by) === group;
      return own && typeof x === "number" && typeof y === "number"
        ? [{ value: [x, y], row: at }]
        : [];
    });
  const axis = {
    type: "value",
    min: 0,
    axisLabel: { hideOverlap: true, formatter: (value: number) => tools.show("number", value) },
  };
  return {
    height: 340,
    option: {
      grid: { left: 8, right: 24, top: 40, bottom: 28, containLabel: true },
      legend: { show: true, type: "scroll", top: 0, left: 0, data: groups },
      tooltip: { trigger: "item", confine: true, formatter: tip },
      xAxis: {
        ...axis,
        name: tools.name(chart.x),
        nameLocation: "middle",
        nameGap: 28,
        splitLine: { show: false },
      },
      yAxis: axis,
      series: groups.flatMap((name, at) => [
        {
          type: "line",
          name,
          data: points(name, expected),
          showSymbol: false,
          color: colours[at % colours.length],
        },
        {
          type: "scatter",
          name,
          data: points(name, observed),
          symbol: SYMBOLS[at % SYMBOLS.length],
          symbolSize: 7,
          itemStyle: { opacity: 0.6 },
          color: colours[at % colours.length],
        },
      ]),
    },
  };
  function tip({ seriesName, seriesType, value: [x = 0, y = 0], marker }: Point) {
    const column = seriesType === "line" ? expected : observed;
    const said = [chart.x, column].map((name, at) => {
      const shown = tools.show(read.kind(name), at === 0 ? x : y);
      return `${escaped(tools.name(name))} <b>${escaped(shown)}</b>`;
    });
    return [`${marker}${escaped(seriesName)}`, ...said].join("<br/>");
  }
}

interface Point {
  seriesName: string;
  seriesType: string;
  value: number[];
  marker: string;
}
