import { Link } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { Catalogue } from "../named/Catalogue";
import { csv, ExportButton } from "../shell/ExportButton";
import { Find } from "../shell/Find";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { Empty, Some } from "../shell/Told";
import { type Tag, useCount, useTags } from "./asked";
import { list } from "./page";
import "./tags.css";

/** So many rows are drawn; one looks for others by name. */
const MOST = 200;

/** The catalogue of tags: what each means, who answers for it, how many have it. */
export default function Tags() {
  const { t } = useTranslation();
  const found = useTags();
  const upload = {
    kind: "tags",
    title: t("tags.upload"),
    how: t("tags.upload_how"),
    label: t("tags.put_on"),
  } as const;
  return (
    <Catalogue
      title={t("tags.title")}
      about={t("tags.about")}
      make={["/tags/edit", t("tags.new")]}
      upload={upload}
    >
      <Some of={found} none={t("tags.none")} next={t("tags.none_next")}>
        {(items) => <Listed items={items} />}
      </Some>
    </Catalogue>
  );
}

function Listed({ items }: { items: Tag[] }) {
  const { t } = useTranslation();
  const [view, setView] = useView(list);
  const cells = useCells();
  const count = useCount();
  const q = view.q.trim().toLowerCase();
  const found = items.filter(
    (one) =>
      (view.kind === "" || one.kind === view.kind) &&
      `${one.name} ${one.description} ${one.owner}`.toLowerCase().includes(q),
  );
  const shown = found.slice(0, MOST);
  const unknown = shown.filter((one) => one.state === "unknown").map(({ id }) => id);
  const kinds = ["", "rule", "hand"] as const;
  return (
    <section className="panel">
      <div className="tags-bar">
        <Find label={t("tags.find")} q={view.q} find={(q) => setView({ q })} />
        <Segmented
          value={view.kind}
          aria-label={t("tags.set_by")}
          options={kinds.map((value) => ({ value, label: t(`tags.kind.${value || "all"}`) }))}
          onChange={(kind) => setView({ kind })}
        />
        <span className="soft">{t("tags.rows", { count: found.length })}</span>
        {unknown.length > 0 && (
          <Button loading={count.isPending} onClick={() => count.mutate(unknown)}>
            {t("tags.count_these", { count: unknown.length })}
          </Button>
        )}
        <ExportButton
          files={[{ label: "CSV", name: `${t("tags.title")}.csv`, from: () => table(found) }]}
        />
      </div>
      {shown.length > 0 ? (
        <Sheet label={t("tags.title")} columns={cells} rows={shown} rowKey={({ id }) => id} />
      ) : (
        <Empty title={t("tags.none_found")} next={t("tags.none_found_next")} />
      )}
      {found.length > MOST && <p className="soft">{t("tags.first", { count: MOST })}</p>}
    </section>
  );
}

function useCells(): Cell<Tag>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: "name",
      title: t("tags.name"),
      head: true,
      show: (one) => (
        <Link to={"/tags/$id" as never} params={{ id: one.id } as never}>
          {one.name}
        </Link>
      ),
    },
    {
      key: "meaning",
      title: t("tags.meaning"),
      show: (one) => <span className="tags-text">{one.description || "\u2013"}</span>,
    },
    { key: "kind", title: t("tags.set_by"), show: (one) => t(`tags.kind.${one.kind}`) },
    {
      key: "values",
      title: t("tags.values"),
      show: (one) => <span className="tags-text">{valuesOf(one).join(t("tags.comma"))}</span>,
    },
    { key: "count", title: t("tags.coverage"), number: true, show: (one) => <Size tag={one} /> },
    { key: "owner", title: t("tags.owner"), show: (one) => one.owner },
    {
      key: "updated",
      title: t("tags.updated"),
      show: (one) => <span className="tags-when">{format.moment(one.updated_at)}</span>,
    },
  ];
}

/** The words of a tag that has several; of a plain yes, a dash. */
function valuesOf({ values }: Tag): string[] {
  const words = values.map(({ value }) => value).filter(Boolean);
  return words.length > 0 ? words : ["\u2013"];
}

/** How many have it and which share that is, or that nobody asked yet. */
export function Size({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { state, count, known } = tag;
  if (state === "failed") return <span className="tags-bad">{t("tags.failed")}</span>;
  if (typeof count !== "number") return <span className="soft">{t("tags.unknown")}</span>;
  return (
    <span>
      {format.count(count)}
      {known ? <span className="soft"> {format.percent(count / known)}</span> : null}
    </span>
  );
}

function table(items: Tag[]): Blob {
  const columns = ["id", "name", "description", "owner", "kind", "values", "count", "known"];
  const rows = items.map((one) => [
    one.id,
    one.name,
    one.description,
    one.owner,
    one.kind,
    one.values.map(({ value }) => value).join(" | "),
    one.count ?? null,
    one.known ?? null,
  ]);
  const when = items.map((one) => [one.as_of ?? null, one.updated_at]);
  return csv(
    [...columns, "as_of", "updated_at"],
    rows.map((row, at) => [...row, ...(when[at] ?? [])]),
  );
}
