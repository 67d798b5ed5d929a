import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { Empty } from "../shell/Told";
import { BAND_COLOURS, BANDS } from "../shell/theme";

/** How the bands stood at the end of each of the last days. */
export function History({ history }: { history: components["schemas"]["History"] }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="history">
      <h2 id="history">{t("overview.history")}</h2>
      {history.days.some(({ total }) => total > 0) ? (
        <Drawn days={history.days} />
      ) : (
        <Empty
          title={t(history.computing ? "overview.computing" : "overview.no_days")}
          next={t("overview.days_next")}
        />
      )}
    </section>
  );
}

function Drawn({ days }: { days: components["schemas"]["Day"][] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const option = useMemo(() => {
    const names = days.map((one) => one.day.slice(5));
    // The cold lie at the bottom, the hot on top.
    const series = [...BANDS].reverse().map((band) => ({
      name: t(`shell.bands.${band}`),
      type: "bar",
      stack: "bands",
      barCategoryGap: "20%",
      itemStyle: { color: BAND_COLOURS[shade][band].fill },
      data: days.map((one) => one.bands[band]),
    }));
    return {
      grid: { left: 64, right: 12, top: 56, bottom: 28 },
      legend: { top: 0, left: 0, data: BANDS.map((band) => t(`shell.bands.${band}`)) },
      tooltip: { trigger: "axis", valueFormatter: (value: unknown) => format.count(Number(value)) },
      xAxis: { type: "category", data: names },
      yAxis: {
        type: "value",
        name: t("overview.profiles"),
        axisLabel: { formatter: (value: number) => format.count(value) },
      },
      series,
    };
  }, [days, shade, format, t]);
  const numbers = useMemo(
    () => ({
      columns: [
        t("overview.day"),
        ...BANDS.map((band) => t(`shell.bands.${band}`)),
        t("shell.cold.never_warm"),
        t("shell.cold.cooled"),
      ],
      rows: days.map((one) => [
        one.day,
        ...BANDS.map((band) => one.bands[band]),
        one.cold.never_warm,
        one.cold.cooled,
      ]),
    }),
    [days, t],
  );
  return <Chart title={t("overview.history")} option={option} numbers={numbers} height={260} />;
}
