import { Link } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { ExportButton } from "../shell/ExportButton";
import type { usePages } from "../shell/paging";
import { useMay } from "../shell/session";
import { People, type Profile } from "./People";
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

interface Shown extends Offered {
  title: string;
  /** How the map and the list of profiles are narrowed to them. */
  among: string;
  found: ReturnType<typeof usePages<Profile>>;
  /** What to do where there is nobody. */
  next: string;
  /** What else may be chosen or opened. */
  children?: ReactNode;
}

/** Who is in it, the hottest first, on screen and as a file. */
export function Members({ title, among, found, next, children, ...file }: Shown) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="named-bar named-head">
        <h2 id={id}>{title}</h2>
        {children}
        <Link to={"/map" as never} search={{ among } as never}>
          {t("named.on_map")}
        </Link>
        <Link to={"/profiles" as never} search={{ among } as never}>
          {t("named.in_list")}
        </Link>
        <ExportPeople {...file} />
      </div>
      <People label={title} found={found} nobody={t("named.nobody")} next={next} height="480px" />
    </section>
  );
}
