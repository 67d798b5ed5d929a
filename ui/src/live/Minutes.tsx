import { useTranslation } from "react-i18next";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { COLOURS, GROUP_COLOURS } from "../shell/theme";
import type { Frame } from "./stream";

type Figure = "events" | "people" | "passers_by" | "orders" | "revenue";

interface Series {
  figure: Figure;
  title: string;
  type: "bar" | "line";
  /** Which of the two axes. */
  axis: 0 | 1;
  colour?: string;
}

/** How much of what came in each minute. */
export function Minutes({ frame }: { frame: Frame }) {
  const { t } = useTranslation();
  const { shade } = useLook();
  const [, second, third] = GROUP_COLOURS[shade];
  const series: Series[] = [
    { figure: "events", title: t("live.events"), type: "bar", axis: 0 },
    { figure: "people", title: t("live.people"), type: "line", axis: 1, colour: second },
    { figure: "passers_by", title: t("live.passers_by"), type: "line", axis: 1, colour: third },
  ];
  return <Drawn title={t("live.by_minute")} right={t("live.heads")} {...{ frame, series }} />;
}

/** What was sold in each minute. */
export function Sales({ frame }: { frame: Frame }) {
  const { t } = useTranslation();
  const { shade } = useLook();
  const { currency } = frame;
  const series: Series[] = [
    { figure: "orders", title: t("live.orders"), type: "bar", axis: 0 },
    {
      figure: "revenue",
      title: t("live.revenue", { currency }),
      type: "line",
      axis: 1,
      colour: GROUP_COLOURS[shade][1],
    },
  ];
  return <Drawn title={t("live.sales")} {...{ frame, series }} />;
}

interface Told {
  title: string;
  frame: Frame;
  series: Series[];
  /** What the right axis is called where more than one series is read on it. */
  right?: string;
}

function Drawn({ title, frame, series, right }: Told) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const axis = (at: 0 | 1) => ({
    type: "value",
    name: at === 0 ? series[0]?.title : (right ?? series[1]?.title),
    nameTextStyle: { align: at === 0 ? "left" : "right" },
    splitLine: { show: at === 0 },
    // Money may fall below nothing, and needs no whole numbers.
    ...(series[at]?.figure !== "revenue" && { min: 0, minInterval: 1 }),
  });
  // Each frame brings other numbers: there is nothing to keep from one to the next.
  const option = {
    animation: false,
    grid: { left: 48, right: 56, top: 64, bottom: 28 },
    legend: { top: 0, left: 0 },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: frame.minutes.map(({ at }) => format.clock(at).slice(0, 5)) },
    yAxis: [axis(0), axis(1)],
    series: series.map((one) => ({
      type: one.type,
      name: one.title,
      yAxisIndex: one.axis,
      showSymbol: false,
      itemStyle: { color: one.colour ?? COLOURS[shade].accent },
      data: frame.minutes.map((minute) => minute[one.figure]),
    })),
  };
  const numbers = {
    columns: [t("live.minute"), ...series.map((one) => one.title)],
    rows: frame.minutes.map((minute) => [
      format.moment(minute.at),
      ...series.map(({ figure }) => minute[figure]),
    ]),
  };
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      <Chart title={title} option={option} numbers={numbers} height={260} />
    </section>
  );
}
