import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { Sheet } from "../shell/Sheet";
import { Empty } from "../shell/Told";
import { BAND_COLOURS, COLOURS } from "../shell/theme";
import { CLASSES, type Found } from "./asked";

const STATES = [...CLASSES, "none"] as const;

/** From which class to which customers went since an earlier day. */
export function Moves({ found, since }: { found: Found; since: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const some = found.moves.some((one) => one.from !== "none");
  return (
    <section className="panel" aria-labelledby="rfm-moves">
      <h2 id="rfm-moves">{t("rfm.moves")}</h2>
      {some ? (
        <>
          <p className="soft">{t("rfm.moves_about", { since: format.day(since) })}</p>
          <Drawn found={found} />
          <Drift found={found} />
        </>
      ) : (
        <Empty title={t("rfm.no_moves")} next={t("rfm.no_moves_next")} />
      )}
    </section>
  );
}

/** How many were in each class then and are now. */
function Drift({ found }: { found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const count = (side: "from" | "to", name: string) =>
    found.moves.reduce((sum, one) => sum + (one[side] === name ? one.customers : 0), 0);
  const rows = STATES.map((name) => ({
    name,
    before: count("from", name),
    now: count("to", name),
  }));
  const change = (value: number) =>
    value === 0 ? "0" : `${value > 0 ? "+" : "\u2212"}${format.count(Math.abs(value))}`;
  return (
    <Sheet
      label={t("rfm.drift")}
      columns={[
        {
          key: "name",
          title: t("rfm.class"),
          head: true,
          show: (row) => t(`rfm.names.${row.name}`),
        },
        {
          key: "before",
          title: t("rfm.before"),
          number: true,
          show: (row) => format.count(row.before),
        },
        { key: "now", title: t("rfm.now"), number: true, show: (row) => format.count(row.now) },
        {
          key: "change",
          title: t("rfm.change"),
          number: true,
          show: (row) => <span data-drift={row.name}>{change(row.now - row.before)}</span>,
        },
      ]}
      rows={rows}
      rowKey={(row) => row.name}
    />
  );
}

function Drawn({ found }: { found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const option = useMemo(() => {
    const { ink, soft } = COLOURS[shade];
    const colour = (name: string) => {
      if (name === "none") return soft;
      return BAND_COLOURS[shade][name.startsWith("important") ? "warm" : "cool"].fill;
    };
    const nodes = (["from", "to"] as const).flatMap((side) =>
      STATES.filter((name) => found.moves.some((one) => one[side] === name)).map((name) => ({
        name: `${side}-${name}`,
        depth: side === "from" ? 0 : 1,
        itemStyle: { color: colour(name) },
        label: {
          formatter: t(`rfm.names.${name}`),
          color: ink,
          position: side === "from" ? "right" : "left",
        },
      })),
    );
    const links = found.moves.map((one) => ({
      source: `from-${one.from}`,
      target: `to-${one.to}`,
      value: one.customers,
    }));
    return {
      tooltip: { trigger: "item", formatter: tip },
      series: [
        {
          type: "sankey",
          left: 8,
          right: 8,
          top: 8,
          bottom: 8,
          nodeGap: 10,
          nodeWidth: 14,
          layoutIterations: 0,
          draggable: false,
          lineStyle: { color: "source", opacity: 0.35 },
          data: nodes,
          links,
        },
      ],
    };
    function tip({ data }: { data: { source?: string; target?: string; value?: number } }) {
      if (!data.source || !data.target) return "";
      const [from, to] = [data.source.slice(5), data.target.slice(3)];
      const count = format.count(data.value ?? 0);
      return `${t(`rfm.names.${from}`)} \u2192 ${t(`rfm.names.${to}`)}: ${count}`;
    }
  }, [found, shade, format, t]);
  const numbers = useMemo(
    () => ({
      columns: [
        format.day(found.since ?? found.as_of),
        format.day(found.as_of),
        t("rfm.customers"),
      ],
      rows: found.moves.map((one) => [
        t(`rfm.names.${one.from}`),
        t(`rfm.names.${one.to}`),
        one.customers,
      ]),
    }),
    [found, format, t],
  );
  return <Chart title={t("rfm.moves")} option={option} numbers={numbers} height={380} />;
}
