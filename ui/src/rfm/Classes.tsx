import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { BAND_COLOURS } from "../shell/theme";
import type { Class, Found } from "./asked";
import { shareAxis, worth } from "./worth";

interface Shown {
  found: Found;
  picked: string;
  pick: (name: string) => void;
}

/** The eight classes: those with much money above, those without below. */
export function Classes({ found, picked, pick }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="panel" aria-labelledby="rfm-classes">
      <h2 id="rfm-classes">{t("rfm.classes")}</h2>
      <ul className="rfm-classes">
        {found.classes.map((one) => (
          <li key={one.name}>
            <button
              type="button"
              aria-pressed={picked === one.name}
              data-class={one.name}
              onClick={() => pick(one.name)}
            >
              <b>{t(`rfm.names.${one.name}`)}</b>
              <span className="figure">{format.count(one.customers)}</span>
              <span className="soft">
                {t("rfm.share")} {format.percent(one.share)}
              </span>
              <span className="soft">
                {t("rfm.revenue")} {worth(found, format, one.revenue)}
                {one.revenue_share !== null && ` · ${format.percent(one.revenue_share)}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <Shares classes={found.classes} />
    </section>
  );
}

function Shares({ classes }: { classes: Class[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const option = useMemo(() => {
    const names = classes.map((one) => t(`rfm.names.${one.name}`));
    const bar = (name: string, color: string, data: number[]) => ({
      name,
      type: "bar",
      itemStyle: { color },
      data,
    });
    const percent = (value: unknown) => format.percent(Number(value));
    return {
      grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0 },
      tooltip: { trigger: "axis", valueFormatter: percent },
      xAxis: shareAxis(Math.max(...classes.flatMap((one) => [one.share, one.revenue_share ?? 0]))),
      yAxis: { type: "category", data: names, inverse: true },
      series: [
        bar(
          t("rfm.share"),
          BAND_COLOURS[shade].cool.fill,
          classes.map((one) => one.share),
        ),
        bar(
          t("rfm.revenue_share"),
          BAND_COLOURS[shade].warm.fill,
          classes.map((one) => one.revenue_share ?? 0),
        ),
      ],
    };
  }, [classes, shade, format, t]);
  const numbers = useMemo(
    () => ({
      columns: [
        t("rfm.class"),
        t("rfm.customers"),
        t("rfm.share"),
        t("rfm.revenue"),
        t("rfm.revenue_share"),
        t("rfm.mean_days"),
        t("rfm.mean_orders"),
        t("rfm.mean_amount"),
      ],
      rows: classes.map((one) => [
        t(`rfm.names.${one.name}`),
        one.customers,
        format.percent(one.share),
        one.revenue,
        one.revenue_share === null ? null : format.percent(one.revenue_share),
        one.days,
        one.frequency,
        one.amount,
      ]),
    }),
    [classes, format, t],
  );
  return <Chart title={t("rfm.compared")} option={option} numbers={numbers} height={320} />;
}
