import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { Empty } from "../shell/Told";
import { BAND_COLOURS, BANDS, COLOURS, type Shade } from "../shell/theme";

type Week = components["schemas"]["Flow"];
type State = Week["flows"][number]["from"];

const STATES = [...BANDS, "new"] as const satisfies readonly State[];

/** Who moved from band to band within a week. */
export function Flow({ flow, computing }: { flow: Week | null; computing: boolean }) {
  const { t } = useTranslation();
  const some = flow && flow.flows.length > 0;
  return (
    <section className="panel" aria-labelledby="flow">
      <h2 id="flow">{t("overview.flow")}</h2>
      {some ? (
        <Drawn flow={flow} />
      ) : (
        <Empty
          title={t(computing ? "overview.computing" : "overview.no_days")}
          next={t("overview.days_next")}
        />
      )}
    </section>
  );
}

function colourOf(state: State, shade: Shade): string {
  return (state === "new" ? COLOURS[shade].soft : BAND_COLOURS[shade][state].fill) ?? "";
}

function Drawn({ flow }: { flow: Week }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const name = useMemo(
    () => (state: State) => (state === "new" ? t("overview.new") : t(`shell.bands.${state}`)),
    [t],
  );
  const option = useMemo(() => {
    const { ink } = COLOURS[shade];
    const there = (state: State, side: "from" | "to") =>
      flow.flows.some((one) => one[side] === state);
    const nodes = (["from", "to"] as const).flatMap((side) =>
      STATES.filter((state) => there(state, side)).map((state) => ({
        name: `${side}-${state}`,
        depth: side === "from" ? 0 : 1,
        itemStyle: { color: colourOf(state, shade) },
        label: { formatter: name(state), color: ink, position: side === "from" ? "right" : "left" },
      })),
    );
    const links = flow.flows.map((one) => ({
      source: `from-${one.from}`,
      target: `to-${one.to}`,
      value: one.profiles,
    }));
    return {
      tooltip: {
        trigger: "item",
        valueFormatter: (value: unknown) => format.count(Number(value)),
        formatter: ({ data }: { data: { source?: string; target?: string; value?: number } }) =>
          data.source
            ? `${name(data.source.slice(5) as State)} \u2192 ${name(data.target?.slice(3) as State)}: ${format.count(data.value ?? 0)}`
            : "",
      },
      series: [
        {
          type: "sankey",
          left: 8,
          right: 8,
          top: 8,
          bottom: 8,
          nodeGap: 12,
          nodeWidth: 14,
          layoutIterations: 0,
          draggable: false,
          lineStyle: { color: "source", opacity: 0.35 },
          data: nodes,
          links,
        },
      ],
    };
  }, [flow, shade, format, name]);
  const numbers = useMemo(
    () => ({
      columns: [format.day(flow.since), format.day(flow.until), t("overview.profiles")],
      rows: flow.flows.map((one) => [name(one.from), name(one.to), one.profiles]),
    }),
    [flow, format, name, t],
  );
  return (
    <>
      <p className="soft">
        {t("overview.flow_about", { since: format.day(flow.since), until: format.day(flow.until) })}
      </p>
      <Chart title={t("overview.flow")} option={option} numbers={numbers} height={260} />
    </>
  );
}
