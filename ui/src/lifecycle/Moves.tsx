import { Select } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { Empty } from "../shell/Told";
import { COLOURS } from "../shell/theme";
import { colourOf } from "./colours";
import { BACK, type Found, STAGES, type View } from "./view";

const NODES = [...STAGES, "none"] as const;

interface Shown {
  found: Found;
  view: View;
  put: (patch: Partial<View>) => void;
}

/** From which stage to which people went since an earlier day. */
export function Moves({ found, view, put }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const some = found.moves.some((one) => one.from !== "none");
  return (
    <section className="panel" aria-labelledby="lifecycle-moves">
      <div className="title">
        <h2 id="lifecycle-moves">{t("lifecycle.moves")}</h2>
        <div className="actions">
          <Select
            aria-label={t("lifecycle.back")}
            value={view.back}
            onChange={(back) => put({ back })}
            options={BACK.map((days) => ({ value: days, label: t("lifecycle.backs", { days }) }))}
          />
        </div>
        {some && found.since && (
          <p>{t("lifecycle.moves_about", { since: format.day(found.since) })}</p>
        )}
      </div>
      {some ? (
        <Drawn found={found} />
      ) : (
        <Empty title={t("lifecycle.no_moves")} next={t("lifecycle.no_moves_next")} />
      )}
    </section>
  );
}

function Drawn({ found }: { found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const option = useMemo(() => {
    const { ink } = COLOURS[shade];
    const nodes = (["from", "to"] as const).flatMap((side) =>
      NODES.filter((name) => found.moves.some((one) => one[side] === name)).map((name) => ({
        name: `${side}-${name}`,
        depth: side === "from" ? 0 : 1,
        itemStyle: { color: colourOf(name, shade) },
        label: {
          formatter: t(`lifecycle.names.${name}`),
          color: ink,
          position: side === "from" ? "right" : "left",
        },
      })),
    );
    const links = found.moves.map((one) => ({
      source: `from-${one.from}`,
      target: `to-${one.to}`,
      value: one.profiles,
    }));
    const tip = ({ data }: { data: { source?: string; target?: string; value?: number } }) => {
      if (!data.source || !data.target) return "";
      const [from, to] = [data.source.slice(5), data.target.slice(3)];
      const count = format.count(data.value ?? 0);
      return `${t(`lifecycle.names.${from}`)} → ${t(`lifecycle.names.${to}`)}: ${count}`;
    };
    const look = { nodeGap: 10, nodeWidth: 14, layoutIterations: 0, draggable: false };
    const edges = { left: 8, right: 8, top: 8, bottom: 8 };
    const lineStyle = { color: "source", opacity: 0.35 };
    return {
      tooltip: { trigger: "item", formatter: tip },
      series: [{ type: "sankey", ...edges, ...look, lineStyle, data: nodes, links }],
    };
  }, [found, shade, format, t]);
  const numbers = useMemo(
    () => ({
      columns: [t("lifecycle.from"), t("lifecycle.to"), t("lifecycle.profiles")],
      rows: found.moves.map((one) => [
        t(`lifecycle.names.${one.from}`),
        t(`lifecycle.names.${one.to}`),
        one.profiles,
      ]),
    }),
    [found, t],
  );
  return <Chart title={t("lifecycle.moves")} option={option} numbers={numbers} height={360} />;
}
