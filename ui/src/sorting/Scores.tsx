import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { type Cell, Sheet } from "../shell/Sheet";
import { Temperature } from "../shell/Temperature";
import { Answer } from "../shell/Told";
import { BAND_COLOURS } from "../shell/theme";
import { type Score, type Spread, useSpread } from "./asked";
import { Desk, List, One } from "./Desk";
import { scores as page } from "./page";
import { plain } from "./plain";
import { Editor } from "./ScoreForm";

/** Every score, its spread, and its lines. */
export default function Scores() {
  const { t } = useTranslation();
  const words = {
    about: t("sorting.scores_about"),
    make: t("sorting.new_score"),
    none: t("sorting.no_scores"),
    next: t("sorting.no_scores_next"),
  };
  const columns: Cell<Score>[] = [
    {
      key: "lines",
      title: t("sorting.lines"),
      show: (one) => one.lines.map((line) => line.title || line.sentence).join(t("named.comma")),
    },
  ];
  return (
    <Desk
      kind="scores"
      page={page}
      words={words}
      Editor={Editor}
      listed={(items) => <List page={page} items={items} columns={columns} />}
    >
      {(one, actions) => (
        <One one={one} actions={actions}>
          <Lines one={one} />
        </One>
      )}
    </Desk>
  );
}

function Lines({ one }: { one: Score }) {
  return <Answer of={useSpread(one)}>{(found) => <Drawn one={one} found={found} />}</Answer>;
}

function Drawn({ one, found }: { one: Score; found: Spread }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 16, top: 32, bottom: 24, containLabel: true },
      tooltip: { trigger: "axis" },
      xAxis: {
        type: "category",
        data: found.bars.map((bar) => plain(format, bar.low)),
        axisLabel: { hideOverlap: true },
        name: t("sorting.points"),
        nameLocation: "middle",
        nameGap: 28,
      },
      yAxis: { type: "value", minInterval: 1, name: t("sorting.profiles") },
      series: [
        {
          type: "bar",
          name: t("sorting.profiles"),
          itemStyle: { color: BAND_COLOURS[shade].cool.fill },
          data: found.bars.map((bar) => bar.profiles),
        },
      ],
    }),
    [found, shade, format, t],
  );
  const numbers = useMemo(
    () => ({
      columns: [t("sorting.points_from"), t("sorting.points_to"), t("sorting.profiles")],
      rows: found.bars.map((bar) => [bar.low, bar.high, bar.profiles]),
    }),
    [found, t],
  );
  const lines = one.lines.map((line, at) => ({
    ...line,
    at,
    many: found.lines[at]?.profiles ?? 0,
  }));
  return (
    <>
      <Chart title={t("sorting.spread")} option={option} numbers={numbers} height={240} />
      <p className="soft">
        {found.cuts
          .map(({ share, value }) => ({ share, value: plain(format, value) }))
          .filter((cut, at, all) => all.findIndex(({ value }) => value === cut.value) === at)
          .map(({ share, value }) => t("sorting.cut", { share: format.percent(share), value }))
          .join(t("named.comma"))}
      </p>
      <div className="panels sorting-two">
        <Sheet
          label={t("sorting.lines")}
          columns={[
            {
              key: "line",
              title: t("sorting.lines"),
              head: true,
              show: (l) => l.title || l.sentence,
            },
            {
              key: "points",
              title: t("sorting.points"),
              number: true,
              show: (l) => `${l.points > 0 ? "+" : ""}${plain(format, l.points)}`,
            },
            {
              key: "many",
              title: t("sorting.profiles"),
              number: true,
              show: (l) => format.count(l.many),
            },
          ]}
          rows={lines}
          rowKey={({ at }) => `${at}`}
        />
        <Sheet
          label={t("sorting.top")}
          columns={[
            {
              key: "id",
              title: t("sorting.top"),
              head: true,
              show: (row) => (
                <Link to={"/profiles/$id" as never} params={{ id: row.id } as never}>
                  {row.id}
                </Link>
              ),
            },
            {
              key: "points",
              title: t("sorting.points"),
              number: true,
              show: (row) => plain(format, row.points),
            },
            {
              key: "temperature",
              title: t("sorting.temperature"),
              show: (row) => <Temperature value={row.temperature} band={row.band} />,
            },
          ]}
          rows={found.top}
          rowKey={({ id }) => id}
        />
      </div>
    </>
  );
}
