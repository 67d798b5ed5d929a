import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { usePages } from "../shell/paging";
import { type Column, Rows } from "../shell/Rows";
import { Answer, Empty } from "../shell/Told";
import { COLOURS } from "../shell/theme";
import type { Segment } from "./kept";

type Point = components["schemas"]["hotspring__web__api__segments__Point"];
type Change = components["schemas"]["SegmentChange"];

const PAGE = 100;

/** How many were in a segment over time, and who entered and left it. */
export function Past({ segment }: { segment: Segment }) {
  const { id, count, version } = segment;
  const found = useQuery({
    queryKey: ["segments", "history", id, version, count],
    queryFn: () => told(api.GET("/api/segments/{id}/history", { params: { path: { id } } })),
  });
  return (
    <>
      <section className="panel">
        <Answer of={found}>{({ items }) => <Sizes points={items} />}</Answer>
      </section>
      <Changes segment={segment} />
    </>
  );
}

function Sizes({ points }: { points: Point[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const option = useMemo(() => {
    const colour = COLOURS[shade];
    const at = (one: Point) => new Date(one.at).getTime();
    return {
      grid: { left: 64, right: 16, top: 36, bottom: 28 },
      tooltip: { trigger: "axis", valueFormatter: (value: unknown) => format.count(Number(value)) },
      xAxis: { type: "time" },
      yAxis: {
        type: "value",
        name: t("segments.size"),
        minInterval: 1,
        axisLabel: { formatter: format.count },
      },
      series: [
        {
          name: t("segments.size"),
          type: "line",
          step: "end",
          symbolSize: 6,
          lineStyle: { color: colour.accent },
          itemStyle: { color: colour.accent },
          areaStyle: { color: colour.accent, opacity: 0.12 },
          data: points.map((one) => [at(one), one.count]),
        },
      ],
    };
  }, [points, shade, format, t]);
  const numbers = useMemo(
    () => ({
      columns: [
        t("segments.at_moment"),
        t("segments.size"),
        t("segments.entered"),
        t("segments.left"),
      ],
      rows: points.map((one) => [format.moment(one.at), one.count, one.entered, one.left]),
    }),
    [points, format, t],
  );
  if (points.length === 0) {
    return <Empty title={t("segments.no_past")} next={t("segments.no_past_next")} />;
  }
  return <Chart title={t("segments.past")} option={option} numbers={numbers} height={240} />;
}

function Changes({ segment: { id, version, count } }: { segment: Segment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = usePages(["segments", "changes", id, version, count], (cursor) =>
    told(
      api.GET("/api/segments/{id}/changes", {
        params: { path: { id }, query: { limit: PAGE, cursor } },
      }),
    ),
  );
  const columns = useMemo<Column<Change>[]>(
    () => [
      {
        key: "at",
        title: t("segments.at_moment"),
        width: 160,
        show: (row) => format.moment(row.at),
      },
      {
        key: "profile",
        title: t("segments.profile"),
        width: 220,
        show: (row) => (
          <Link to={"/profiles/$id" as never} params={{ id: row.profile } as never}>
            {row.profile}
          </Link>
        ),
      },
      {
        key: "change",
        title: t("segments.change"),
        width: 100,
        show: (row) => t(`segments.changed.${row.change}`),
      },
      {
        key: "cause",
        title: t("segments.cause"),
        width: 180,
        show: (row) => t(`segments.causes.${row.cause}`),
      },
    ],
    [t, format],
  );
  return (
    <section className="panel" aria-labelledby="segments-changes">
      <h2 id="segments-changes">{t("segments.changes")}</h2>
      <Answer of={found}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={t("segments.no_changes")} next={t("segments.no_past_next")} />
          ) : (
            <Rows
              label={t("segments.changes")}
              columns={columns}
              rows={rows}
              rowKey={(row) => `${row.at} ${row.profile} ${row.change}`}
              more={found.more}
              busy={found.busy}
              height="360px"
            />
          )
        }
      </Answer>
    </section>
  );
}
