import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { Answer } from "../shell/Told";
import { colourOf } from "./colours";
import { STAGES, usePast, type View } from "./view";

type Points = NonNullable<ReturnType<typeof usePast>["data"]>["points"];

/** How many were in each stage at moments of the past. */
export function Past({ view }: { view: View }) {
  const { t } = useTranslation();
  const found = usePast(view);
  return (
    <section className="panel" aria-labelledby="lifecycle-past">
      <h2 id="lifecycle-past">{t("lifecycle.past")}</h2>
      <Answer of={found}>{({ points }) => <Drawn points={points} />}</Answer>
    </section>
  );
}

function Drawn({ points }: { points: Points }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const drawn = useMemo(() => {
    const days = points.map((one) => format.day(one.at));
    const counts = STAGES.map((stage) =>
      points.map((one) => one.stages.find(({ name }) => name === stage)?.profiles ?? 0),
    );
    const named = STAGES.map((stage) => t(`lifecycle.names.${stage}`));
    const option = {
      grid: { left: 8, right: 16, top: 56, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 14, itemGap: 8 },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: days, boundaryGap: false, axisLabel: { hideOverlap: true } },
      yAxis: { type: "value", minInterval: 1, axisLabel: { hideOverlap: true } },
      series: STAGES.map((stage, at) => ({
        name: named[at],
        type: "line",
        stack: "stages",
        symbol: "none",
        lineStyle: { width: 1 },
        areaStyle: { opacity: 0.75 },
        itemStyle: { color: colourOf(stage, shade) },
        data: counts[at],
      })),
    };
    const rows = days.map((day, at) => [day, ...counts.map((column) => column[at] ?? 0)]);
    return { option, numbers: { columns: [t("lifecycle.to"), ...named], rows } };
  }, [points, shade, format, t]);
  return <Chart title={t("lifecycle.past")} {...drawn} height={300} />;
}
