import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { COLOURS } from "../shell/theme";

interface Shown {
  traffic: components["schemas"]["Traffic"];
  sources: components["schemas"]["SourceHealth"][];
}

/** What comes in, minute by minute, and from where. */
export function Traffic({ traffic, sources }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const words = useMemo(() => [t("overview.accepted"), t("overview.refused")] as const, [t]);
  const option = useMemo(() => {
    const { accent, bad } = COLOURS[shade];
    const bars = { type: "bar", stack: "events", barCategoryGap: "15%" };
    return {
      grid: { left: 48, right: 12, top: 56, bottom: 28 },
      legend: { top: 0, left: 0, data: [...words] },
      tooltip: { trigger: "axis", valueFormatter: (value: unknown) => format.count(Number(value)) },
      xAxis: {
        type: "category",
        data: traffic.minutes.map((one) => format.clock(one.at).slice(0, 5)),
      },
      yAxis: { type: "value", name: t("overview.events"), minInterval: 1 },
      series: [
        {
          ...bars,
          name: words[0],
          itemStyle: { color: accent },
          data: traffic.minutes.map((one) => one.accepted),
        },
        {
          ...bars,
          name: words[1],
          itemStyle: { color: bad },
          data: traffic.minutes.map((one) => one.refused),
        },
      ],
    };
  }, [traffic, shade, words, format, t]);
  const numbers = useMemo(
    () => ({
      columns: [t("overview.minute"), ...words],
      rows: traffic.minutes.map((one) => [format.moment(one.at), one.accepted, one.refused]),
    }),
    [traffic, words, format, t],
  );
  const count = (...states: string[]) =>
    format.count(sources.filter((one) => states.includes(one.state)).length);
  return (
    <section className="panel" aria-labelledby="traffic">
      <h2 id="traffic">{t("overview.traffic")}</h2>
      <p className="soft">
        {t("overview.per_minute", { told: format.count(traffic.per_minute) })}
        {" · "}
        <Link to={"/sources" as never}>
          {t("overview.sources", {
            healthy: count("healthy"),
            silent: count("silent"),
            failing: count("failing"),
          })}
        </Link>
      </p>
      <Chart title={t("overview.traffic")} option={option} numbers={numbers} height={260} />
    </section>
  );
}
