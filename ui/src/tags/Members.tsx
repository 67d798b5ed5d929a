import { Link } from "@tanstack/react-router";
import { Select } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import { ExportButton } from "../shell/ExportButton";
import { useView } from "../shell/page";
import { type Column, Rows } from "../shell/Rows";
import { useMay } from "../shell/session";
import { Temperature } from "../shell/Temperature";
import { Answer, Empty } from "../shell/Told";
import { type Tag, useMembers } from "./asked";
import { one as page } from "./page";

type Found = components["schemas"]["FoundProfile"];

const FORMATS = [
  ["csv", "CSV"],
  ["xlsx", "Excel"],
  ["parquet", "Parquet"],
] as const;

/** Who has a tag, the hottest first, on screen and as a file. */
export function Members({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const may = useMay("analyst");
  const [view, setView] = useView(page);
  const words = tag.values.map(({ value }) => value).filter(Boolean);
  const value = words.includes(view.value) ? view.value : undefined;
  const found = useMembers(tag, value);
  const columns = useMemo<Column<Found>[]>(
    () => [
      {
        key: "id",
        title: t("tags.profile"),
        width: 220,
        show: (row) => (
          <Link to={"/profiles/$id" as never} params={{ id: row.id } as never}>
            {row.id}
          </Link>
        ),
      },
      {
        key: "temperature",
        title: t("tags.temperature"),
        width: 170,
        show: (row) => <Temperature value={row.temperature} band={row.band} />,
      },
    ],
    [t],
  );
  const files = FORMATS.map(([format, label]) => {
    const query = new URLSearchParams({ format, ...(value ? { value } : {}) });
    const from = `/api/tags/${encodeURIComponent(tag.id)}/export?${query}`;
    return { label, name: `${tag.name}.${format}`, from };
  });
  return (
    <section className="panel" aria-labelledby="tags-members">
      <div className="tags-bar">
        <h2 id="tags-members">{t("tags.members")}</h2>
        {words.length > 0 && (
          <Select
            aria-label={t("tags.value")}
            value={value ?? ""}
            options={[
              { value: "", label: t("tags.any_value") },
              ...words.map((one) => ({ value: one, label: one })),
            ]}
            onChange={(next) => setView({ value: next }, { still: true })}
            popupMatchSelectWidth={false}
            style={{ minWidth: 140 }}
          />
        )}
        <ExportButton files={files} disabled={!may} />
        {!may && <span className="soft">{t("tags.may_not_export")}</span>}
      </div>
      <Answer of={found}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={t("tags.nobody")} next={t("tags.nobody_next")} />
          ) : (
            <Rows
              label={t("tags.members")}
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
