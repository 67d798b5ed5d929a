import { Link } from "@tanstack/react-router";
import { type ReactNode, useId, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import { ExportButton } from "../shell/ExportButton";
import type { usePages } from "../shell/paging";
import { type Column, Rows } from "../shell/Rows";
import { useMay } from "../shell/session";
import { Temperature } from "../shell/Temperature";
import { Answer, Empty } from "../shell/Told";
import "./named.css";

const FORMATS = [
  ["csv", "CSV"],
  ["xlsx", "Excel"],
  ["parquet", "Parquet"],
] as const;

interface Offered {
  /** What the file is called. */
  name: string;
  /** Where the API exports them. */
  from: string;
  /** Which of them. */
  query?: Record<string, string>;
}

/** Profiles as a file, for those who may. */
export function ExportPeople({ name, from, query }: Offered) {
  const { t } = useTranslation();
  const may = useMay("analyst");
  const files = FORMATS.map(([format, label]) => ({
    label,
    name: `${name}.${format}`,
    from: `${from}?${new URLSearchParams({ format, ...query })}`,
  }));
  return (
    <>
      <ExportButton files={files} disabled={!may} />
      {!may && <span className="soft">{t("named.may_not_export")}</span>}
    </>
  );
}

type Profile = components["schemas"]["FoundProfile"];

interface Shown extends Offered {
  title: string;
  found: ReturnType<typeof usePages<Profile>>;
  /** What to do where there is nobody. */
  next: string;
  /** What else may be chosen or opened. */
  children?: ReactNode;
}

/** Who is in it, the hottest first, on screen and as a file. */
export function Members({ title, found, next, children, ...file }: Shown) {
  const { t } = useTranslation();
  const id = useId();
  const columns = useMemo<Column<Profile>[]>(
    () => [
      {
        key: "id",
        title: t("named.profile"),
        width: 220,
        show: (row) => (
          <Link to={"/profiles/$id" as never} params={{ id: row.id } as never}>
            {row.id}
          </Link>
        ),
      },
      {
        key: "temperature",
        title: t("named.temperature"),
        width: 170,
        show: (row) => <Temperature value={row.temperature} band={row.band} />,
      },
    ],
    [t],
  );
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="named-bar named-head">
        <h2 id={id}>{title}</h2>
        {children}
        <ExportPeople {...file} />
      </div>
      <Answer of={found}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={t("named.nobody")} next={next} />
          ) : (
            <Rows
              label={title}
              columns={columns}
              rows={rows}
              rowKey={(row) => row.id}
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
