import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { Empty } from "../shell/Told";
import { COLOURS } from "../shell/theme";
import { colourOf } from "./colours";
import type { Found } from "./view";

/** How long it is from one active day to the next, with where sleeping and lost begin. */
export function Gaps({ found }: { found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, middle, high] = found.gap_quartiles;
  return (
    <section className="panel" aria-labelledby="lifecycle-gaps">
      <h2 id="lifecycle-gaps">{t("lifecycle.gaps")}</h2>
      {found.gaps > 0 ? (
        <>
          <p className="soft">
            {t("lifecycle.gaps_about", { gaps: format.count(found.gaps), middle, high })}
          </p>
          <Drawn found={found} />
        </>
      ) : (
        <Empty title={t("lifecycle.no_gaps")} next={t("lifecycle.no_gaps_next")} />
      )}
    </section>
  );
}

function Drawn({ found }: { found: Found }) {
  const { t } = useTranslation();
  const { shade } = useLook();
  const bars = useMemo(
    () =>
      found.spread.map((bar) => {
        const last = (bar.before ?? 0) - 1;
        const name = last > bar.least ? `${bar.least}–${last}` : `${bar.least}`;
        return { ...bar, name: bar.before === null ? `≥ ${bar.least}` : name };
      }),
    [found],
  );
  const option = useMemo(() => {
    const { accent, ink } = COLOURS[shade];
    const line = (stage: "sleeping" | "lost") => {
      const days = found.pace[stage];
      const at = bars.findIndex((bar) => bar.before === null || days < bar.before);
      const more = { color: colourOf(stage, shade), width: 2 };
      const label = { formatter: t(`lifecycle.names.${stage}`), color: ink };
      return at < 0 ? [] : [{ xAxis: at, lineStyle: more, label }];
    };
    return {
      grid: { left: 8, right: 16, top: 44, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis" },
      xAxis: {
        type: "category",
        data: bars.map((bar) => bar.name),
        axisLabel: { hideOverlap: true },
      },
      yAxis: {
        type: "value",
        name: t("lifecycle.gap_count"),
        minInterval: 1,
        axisLabel: { hideOverlap: true },
      },
      series: [
        {
          name: t("lifecycle.gap_count"),
          type: "bar",
          data: bars.map((bar) => bar.gaps),
          itemStyle: { color: accent },
          markLine: {
            symbol: "none",
            animation: false,
            data: [...line("sleeping"), ...line("lost")],
          },
        },
      ],
    };
  }, [bars, found, shade, t]);
  const numbers = useMemo(
    () => ({
      columns: [t("lifecycle.gap"), t("lifecycle.gap_count")],
      rows: bars.map((bar) => [bar.name, bar.gaps]),
    }),
    [bars, t],
  );
  return <Chart title={t("lifecycle.gaps")} option={option} numbers={numbers} height={280} />;
}
