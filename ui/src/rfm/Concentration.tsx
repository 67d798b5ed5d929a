import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { Answer } from "../shell/Told";
import { BAND_COLOURS, COLOURS } from "../shell/theme";
import { useConcentration } from "./asked";
import type { View } from "./page";
import { shareAxis } from "./worth";

type Spread = components["schemas"]["Concentration"];

const TOPS = [0.01, 0.1, 0.2];
const MOST = 0.8;

/** Which share of the customers brings which share of revenue. */
export function Concentration({ view }: { view: View }) {
  const { t } = useTranslation();
  const spread = useConcentration(view);
  return (
    <section className="panel" aria-labelledby="rfm-spread">
      <h2 id="rfm-spread">{t("rfm.concentration")}</h2>
      <p className="soft">{t("rfm.concentration_how")}</p>
      <Answer of={spread}>{(found) => <Drawn found={found} />}</Answer>
    </section>
  );
}

function Drawn({ found }: { found: Spread }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const option = useMemo(() => {
    const percent = (value: unknown) => format.percent(Number(value));
    const axis = { ...shareAxis(1), min: 0 };
    const curve = found.curve.map((one) => [one.share, one.revenue_share]);
    const line = (name: string, color: string | undefined, data: number[][], type: string) => ({
      name,
      type: "line",
      showSymbol: false,
      lineStyle: { color, width: 2, type },
      itemStyle: { color },
      data,
    });
    return {
      grid: { left: 8, right: 24, top: 60, bottom: 24, containLabel: true },
      legend: { top: 0, left: 0 },
      tooltip: { trigger: "axis", valueFormatter: percent },
      xAxis: { ...axis, name: t("rfm.share"), nameLocation: "middle", nameGap: 28 },
      yAxis: { ...axis, name: t("rfm.revenue_share") },
      series: [
        line(t("rfm.measured"), BAND_COLOURS[shade].hot.fill, curve, "solid"),
        line(
          t("rfm.even"),
          COLOURS[shade].soft,
          [
            [0, 0],
            [1, 1],
          ],
          "dashed",
        ),
      ],
    };
  }, [found, shade, format, t]);
  const numbers = useMemo(
    () => ({
      columns: [t("rfm.customers"), t("rfm.share"), t("rfm.revenue"), t("rfm.revenue_share")],
      rows: found.curve.map((one) => [
        one.profiles,
        format.percent(one.share),
        one.revenue,
        format.percent(one.revenue_share),
      ]),
    }),
    [found, format, t],
  );
  const tops = [0.01, 0.05, 0.1, 0.2, 0.5];
  const needed = found.needed[1];
  return (
    <>
      <dl className="facts">
        {found.tops.map((one, at) => {
          const share = tops[at] ?? 1;
          if (!TOPS.includes(share)) return null;
          return (
            <div className="rfm-fact" key={share}>
              <dt>{t("rfm.top", { share: format.percent(share) })}</dt>
              <dd>{format.percent(one.revenue_share)}</dd>
            </div>
          );
        })}
        {needed && (
          <div className="rfm-fact">
            <dt>{t("rfm.needed", { share: format.percent(MOST) })}</dt>
            <dd>{format.percent(needed.share)}</dd>
          </div>
        )}
        <div className="rfm-fact">
          <dt>{t("rfm.gini")}</dt>
          <dd>{format.number(found.gini)}</dd>
        </div>
      </dl>
      <Chart title={t("rfm.concentration")} option={option} numbers={numbers} height={320} />
    </>
  );
}
