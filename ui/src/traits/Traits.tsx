import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { csv, ExportButton } from "../shell/ExportButton";
import { Find } from "../shell/Find";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { Empty, Some } from "../shell/Told";
import { type Line, useCount, useTraits } from "./asked";
import { list } from "./page";
import "./traits.css";

/** The catalogue of traits: of which kind each is, how many have it, how fresh it is. */
export default function Traits() {
  const { t } = useTranslation();
  const found = useTraits();
  return (
    <>
      <div className="title">
        <h1>{t("traits.title")}</h1>
        <p>{t("traits.about")}</p>
      </div>
      <Some of={found} none={t("traits.none")} next={t("traits.none_next")}>
        {(items) => <Listed items={items} />}
      </Some>
    </>
  );
}

function Listed({ items }: { items: Line[] }) {
  const { t } = useTranslation();
  const [view, setView] = useView(list);
  const cells = useCells();
  const count = useCount();
  const q = view.q.trim().toLowerCase();
  const found = items.filter(({ name }) => name.toLowerCase().includes(q));
  const unknown = found.filter((one) => one.count === null).map(({ name }) => name);
  return (
    <section className="panel">
      <div className="traits-bar">
        <Find label={t("traits.find")} q={view.q} find={(q) => setView({ q })} />
        <span className="soft">{t("traits.rows", { count: found.length })}</span>
        {unknown.length > 0 && (
          <Button loading={count.isPending} onClick={() => count.mutate(unknown)}>
            {t("traits.count_these", { count: unknown.length })}
          </Button>
        )}
        <ExportButton
          files={[{ label: "CSV", name: `${t("traits.title")}.csv`, from: () => table(found) }]}
        />
      </div>
      {found.length > 0 ? (
        <Sheet label={t("traits.title")} columns={cells} rows={found} rowKey={(one) => one.name} />
      ) : (
        <Empty title={t("traits.none_found")} next={t("traits.none_found_next")} />
      )}
    </section>
  );
}

function useCells(): Cell<Line>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: "name",
      title: t("traits.name"),
      head: true,
      show: ({ name }) => (
        <Link to={"/traits/$name" as never} params={{ name } as never}>
          {name}
        </Link>
      ),
    },
    { key: "kind", title: t("traits.kind"), show: ({ kind }) => t(`traits.kinds.${kind}`) },
    {
      key: "count",
      title: t("traits.coverage"),
      number: true,
      show: (one) => <Size trait={one} />,
    },
    {
      key: "last",
      title: t("traits.last"),
      show: ({ last_at }) => <span title={format.moment(last_at)}>{format.away(last_at)}</span>,
    },
    {
      key: "sources",
      title: t("traits.sources"),
      show: ({ sources }) => sources.join(t("traits.comma")),
    },
  ];
}

/** How many have it and which share that is, or that nobody asked yet. */
export function Size({ trait: { count, known } }: { trait: Line }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (typeof count !== "number") return <span className="soft">{t("traits.unknown")}</span>;
  return (
    <span>
      {format.count(count)}
      {known ? <span className="soft"> {format.percent(count / known)}</span> : null}
    </span>
  );
}

function table(items: Line[]): Blob {
  const columns = ["name", "kind", "count", "known", "as_of", "writes", "first_at", "last_at"];
  const rows = items.map((one) => [
    one.name,
    one.kind,
    one.count ?? null,
    one.known ?? null,
    one.as_of ?? null,
    one.writes,
    one.first_at,
    one.last_at,
    one.sources.join(" | "),
  ]);
  return csv([...columns, "sources"], rows);
}
