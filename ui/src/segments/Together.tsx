import { Link } from "@tanstack/react-router";
import { Select } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { useView } from "../shell/page";
import { Answer, Empty } from "../shell/Told";
import { COLOURS } from "../shell/theme";
import { useSegments } from "./kept";
import { together } from "./page";
import { gridOf, MOST, type Overlap, useOverlap } from "./together";
import "./segments.css";

const HEAD_PX = 180;
const ROW_PX = 32;

/** Two to five segments over each other: who is in exactly which of them. */
export default function Together() {
  const { t } = useTranslation();
  const [view, setView] = useView(together);
  const all = useSegments();
  const ids = view.ids.split(",").filter(Boolean).slice(0, MOST);
  const found = useOverlap(ids);
  return (
    <>
      <div className="title">
        <h1>{t("segments.overlap")}</h1>
        <p>
          {t("segments.overlap_about")}{" "}
          <Link to={"/segments" as never} activeOptions={{ exact: true }}>
            {t("segments.back")}
          </Link>
        </p>
      </div>
      <section className="panel">
        <Select<string[]>
          mode="multiple"
          className="segments-together"
          aria-label={t("segments.overlap_of")}
          placeholder={t("segments.overlap_of")}
          value={all.data ? ids : []}
          maxCount={MOST}
          options={(all.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))}
          showSearch={{ optionFilterProp: "label" }}
          onChange={(next) => setView({ ids: next.join(",") }, { replace: true, still: true })}
        />
        {ids.length < 2 ? (
          <Empty title={t("segments.overlap_none")} next={t("segments.overlap_next")} />
        ) : (
          <Answer of={found}>{(overlap) => <Drawn overlap={overlap} />}</Answer>
        )}
      </section>
    </>
  );
}

function Drawn({ overlap }: { overlap: Overlap }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const grid = useMemo(() => gridOf(overlap), [overlap]);
  const option = useMemo(() => optionOf(grid, format.count, COLOURS[shade]), [grid, format, shade]);
  const numbers = useMemo(
    () => ({
      columns: [...[...grid.sets].reverse().map(({ name }) => name), t("segments.size")],
      rows: grid.parts.map(({ within, count }) => [
        ...grid.sets.map((_, at) => (within.includes(at) ? t("segments.inside") : "")).reverse(),
        count,
      ]),
    }),
    [grid, t],
  );
  if (grid.parts.length === 0) {
    return <Empty title={t("segments.nobody")} next={t("segments.nobody_next")} />;
  }
  return (
    <>
      <Chart
        title={t("segments.overlap")}
        option={option}
        numbers={numbers}
        height={HEAD_PX + ROW_PX * grid.sets.length + 40}
      />
      <p className="soft">{t("segments.overlap_at", { at: format.clock(overlap.as_of) })}</p>
    </>
  );
}

/** Bars of the parts above, and below which sets each of them is in. */
function optionOf(
  { sets, parts }: ReturnType<typeof gridOf>,
  count: (value: number) => string,
  colour: Record<string, string>,
) {
  const columns = parts.map((_, at) => String(at));
  const names = sets.map((one) => `${one.name}  ${count(one.count)}`);
  const dots = parts.flatMap((_, x) => sets.map((_, y) => [x, y]));
  const lines = parts.map(({ within }, x) => ({
    type: "line",
    xAxisIndex: 1,
    yAxisIndex: 1,
    silent: true,
    symbol: "circle",
    symbolSize: 12,
    lineStyle: { color: colour.accent, width: 3 },
    itemStyle: { color: colour.accent },
    data: within.map((y) => [x, y]),
  }));
  const hidden = { axisLine: { show: false }, axisTick: { show: false } };
  return {
    grid: [
      { left: 170, right: 16, top: 24, height: HEAD_PX - 40 },
      { left: 170, right: 16, top: HEAD_PX, height: ROW_PX * sets.length },
    ],
    tooltip: { trigger: "item" },
    xAxis: [
      { type: "category", data: columns, gridIndex: 0, axisLabel: { show: false } },
      { type: "category", data: columns, gridIndex: 1, axisLabel: { show: false }, ...hidden },
    ],
    yAxis: [
      { type: "value", gridIndex: 0, minInterval: 1, axisLabel: { formatter: count } },
      {
        type: "category",
        gridIndex: 1,
        data: names,
        axisLabel: { width: 150, overflow: "truncate" },
        ...hidden,
      },
    ],
    series: [
      {
        type: "bar",
        barMaxWidth: 36,
        itemStyle: { color: colour.accent },
        label: {
          show: true,
          position: "top",
          color: colour.ink,
          formatter: ({ value }: { value: number }) => count(value),
        },
        data: parts.map((one) => one.count),
        tooltip: { show: false },
      },
      {
        type: "scatter",
        xAxisIndex: 1,
        yAxisIndex: 1,
        silent: true,
        symbolSize: 12,
        itemStyle: { color: colour.line },
        data: dots,
      },
      ...lines,
    ],
  };
}
