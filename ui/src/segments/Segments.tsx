import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Spark } from "../charts/Spark";
import { Catalogue } from "../named/Catalogue";
import { UsedBy } from "../named/UsedBy";
import { csv, ExportButton } from "../shell/ExportButton";
import { Find } from "../shell/Find";
import { type Formats, useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { Empty, Some } from "../shell/Told";
import { DAYS, type Segment, useSegments, useSizes } from "./kept";
import { list } from "./page";
import "./segments.css";

/** Every segment: what it asks, how many are in it, what names it. */
export default function Segments() {
  const { t } = useTranslation();
  const found = useSegments();
  const upload = {
    kind: "segments",
    title: t("segments.upload"),
    how: t("segments.upload_how"),
    label: t("segments.create"),
  } as const;
  return (
    <Catalogue
      title={t("segments.title")}
      about={t("segments.list_about")}
      make={["/segments/build", t("segments.new")]}
      upload={upload}
    >
      <Some of={found} none={t("segments.none")} next={t("segments.none_next")}>
        {(items) => <Listed items={items} />}
      </Some>
    </Catalogue>
  );
}

/** How many are in it, or that this is not known yet. */
export function Size({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { state, count } = segment;
  if (state === "failed") return <span className="segments-bad">{t("segments.failed")}</span>;
  if (count === null || count === undefined) {
    return <span className="soft">{t("segments.counting")}</span>;
  }
  return <>{format.count(count)}</>;
}

/** How many were in it day by day. */
function Went({ counts }: { counts: (number | null)[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const known = counts.filter((count) => count !== null);
  const [first, last] = [known.at(0), known.at(-1)];
  if (first === undefined || last === undefined) return null;
  const label = t("segments.went", { from: format.count(first), to: format.count(last) });
  return known.length < 2 ? (
    <span className="soft">{t("segments.since_today")}</span>
  ) : (
    <Spark values={counts} label={label} />
  );
}

function useCells(): Cell<Segment>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const sizes = useSizes();
  return [
    {
      key: "name",
      title: t("named.name"),
      head: true,
      show: (one) => (
        <Link to={"/segments/$id" as never} params={{ id: one.id } as never}>
          {one.name}
        </Link>
      ),
    },
    {
      key: "sentence",
      title: t("segments.asks"),
      show: (one) => (
        <span className="segments-asks" title={one.sentence}>
          {one.kind === "static" ? t("segments.a_list") : one.sentence}
        </span>
      ),
    },
    {
      key: "count",
      title: t("segments.size"),
      number: true,
      show: (one) => <Size segment={one} />,
    },
    {
      key: "sizes",
      title: t("segments.days", { days: DAYS }),
      show: (one) => <Went counts={sizes.data?.get(one.id) ?? []} />,
    },
    {
      key: "used",
      title: t("segments.used_by"),
      show: (one) => <UsedBy users={one.used_by} />,
    },
    {
      key: "updated",
      title: t("segments.updated"),
      show: (one) => (
        <span className="segments-when-by">
          {format.moment(one.updated_at)} <span className="soft">{one.updated_by}</span>
        </span>
      ),
    },
  ];
}

function Listed({ items }: { items: Segment[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const cells = useCells();
  const [view, setView] = useView(list);
  const q = view.q.trim().toLowerCase();
  const found = items.filter((one) =>
    `${one.name} ${one.description} ${one.sentence}`.toLowerCase().includes(q),
  );
  return (
    <section className="panel">
      <div className="segments-bar">
        <Find label={t("segments.find")} q={view.q} find={(q) => setView({ q })} />
        <span className="soft">{t("segments.rows", { count: found.length })}</span>
        {items.length > 1 && <Link to={"/segments/overlap" as never}>{t("segments.overlap")}</Link>}
        <ExportButton
          files={[
            { label: "CSV", name: `${t("segments.title")}.csv`, from: () => table(found, format) },
          ]}
        />
      </div>
      {found.length > 0 ? (
        <Sheet label={t("segments.title")} columns={cells} rows={found} rowKey={({ id }) => id} />
      ) : (
        <Empty title={t("segments.none_found")} next={t("segments.none_found_next")} />
      )}
    </section>
  );
}

function table(items: Segment[], format: Formats): Blob {
  const columns = ["id", "name", "description", "kind", "sentence", "count", "as_of", "updated_at"];
  const rows = items.map((one) => [
    one.id,
    one.name,
    one.description,
    one.kind,
    one.sentence,
    one.count ?? null,
    format.moment(one.as_of),
    format.moment(one.updated_at),
  ]);
  return csv(columns, rows);
}
