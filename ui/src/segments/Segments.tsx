import { PlusOutlined, UploadOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { csv, ExportButton } from "../shell/ExportButton";
import { type Formats, useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { Answer, Empty } from "../shell/Told";
import { type Segment, useSegments } from "./kept";
import { list } from "./page";
import { Upload } from "./Upload";
import "./segments.css";

/** Every segment: what it asks, how many are in it, what names it. */
export default function Segments() {
  const { t } = useTranslation();
  const found = useSegments();
  const [uploading, upload] = useState(false);
  return (
    <>
      <div className="title">
        <h1>{t("segments.title")}</h1>
        <div className="actions">
          <Button icon={<UploadOutlined />} onClick={() => upload(true)}>
            {t("segments.upload")}
          </Button>
          <Link to={"/segments/build" as never}>
            <Button type="primary" icon={<PlusOutlined />} tabIndex={-1}>
              {t("segments.new")}
            </Button>
          </Link>
        </div>
        <p>{t("segments.list_about")}</p>
      </div>
      {uploading && <Upload close={() => upload(false)} />}
      <Answer of={found}>
        {({ items }) =>
          items.length > 0 ? (
            <Listed items={items} />
          ) : (
            <section className="panel">
              <Empty title={t("segments.none")} next={t("segments.none_next")} />
            </section>
          )
        }
      </Answer>
    </>
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

function useCells(): Cell<Segment>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: "name",
      title: t("segments.name"),
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
      key: "used",
      title: t("segments.used_by"),
      show: (one) => one.used_by.map(({ name }) => name).join(t("segments.comma")) || "\u2013",
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
        <Input.Search
          key={view.q}
          className="segments-find"
          defaultValue={view.q}
          allowClear
          aria-label={t("segments.find")}
          placeholder={t("segments.find")}
          onSearch={(next) => setView({ q: next.trim() })}
        />
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
