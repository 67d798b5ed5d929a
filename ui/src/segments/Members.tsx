import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import { ExportButton } from "../shell/ExportButton";
import { type Column, Rows } from "../shell/Rows";
import { useMay } from "../shell/session";
import { Temperature } from "../shell/Temperature";
import { Answer, Empty } from "../shell/Told";
import { type Segment, useMembers } from "./kept";

type Found = components["schemas"]["FoundProfile"];

const FORMATS = [
  ["csv", "CSV"],
  ["xlsx", "Excel"],
  ["parquet", "Parquet"],
] as const;

/** Who is in a segment, the hottest first, on screen and as a file. */
export function Members({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const may = useMay("analyst");
  const found = useMembers(segment);
  const columns = useMemo<Column<Found>[]>(
    () => [
      {
        key: "id",
        title: t("segments.profile"),
        width: 220,
        show: (row) => (
          <Link to={"/profiles/$id" as never} params={{ id: row.id } as never}>
            {row.id}
          </Link>
        ),
      },
      {
        key: "temperature",
        title: t("segments.temperature"),
        width: 170,
        show: (row) => <Temperature value={row.temperature} band={row.band} />,
      },
    ],
    [t],
  );
  const files = FORMATS.map(([format, label]) => ({
    label,
    name: `${segment.name}.${format}`,
    from: `/api/segments/${encodeURIComponent(segment.id)}/export?format=${format}`,
  }));
  return (
    <section className="panel" aria-labelledby="segments-members">
      <div className="segments-bar">
        <h2 id="segments-members">{t("segments.members")}</h2>
        <Link to={"/map" as never} search={{ segment: segment.id } as never}>
          {t("segments.on_map")}
        </Link>
        <Link to={"/profiles" as never} search={{ segment: segment.id } as never}>
          {t("segments.in_list")}
        </Link>
        <ExportButton files={files} disabled={!may} />
        {!may && <span className="soft">{t("segments.may_not_export")}</span>}
      </div>
      <Answer of={found}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={t("segments.nobody")} next={t("segments.nobody_next")} />
          ) : (
            <Rows
              label={t("segments.members")}
              columns={columns}
              rows={rows}
              rowKey={({ id }) => id}
              more={found.more}
              busy={found.busy}
              height="480px"
            />
          )
        }
      </Answer>
    </section>
  );
}
