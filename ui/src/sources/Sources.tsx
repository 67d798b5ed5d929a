import { PlusOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { csv, ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { useMay } from "../shell/session";
import { Answer, Empty } from "../shell/Told";
import { type Activity, useActivity } from "./asked";
import { Create } from "./Create";
import { Health, Hours } from "./Health";
import { list } from "./page";
import "./sources.css";

const SHOWN = ["all", "healthy", "silent", "failing", "new"] as const;

export default function Sources() {
  const { t } = useTranslation();
  const may = useMay("admin");
  const [creating, setCreating] = useState(false);
  const activity = useActivity();
  const create = may && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
      {t("sources.create")}
    </Button>
  );
  return (
    <>
      <div className="title">
        <h1>{t("sources.title")}</h1>
        <div className="actions">
          {activity.data && <Exported rows={activity.data.items} />}
          {create}
        </div>
        <p>{t("sources.about")}</p>
      </div>
      <Answer of={activity}>
        {({ items }) => (items.length > 0 ? <All rows={items} /> : <Nothing action={create} />)}
      </Answer>
      {may && <Create open={creating} close={() => setCreating(false)} />}
    </>
  );
}

function Nothing({ action }: { action: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="panel">
      <Empty
        title={t("sources.empty")}
        next={t(action ? "sources.empty_next" : "sources.empty_ask")}
        action={action}
      />
    </div>
  );
}

function All({ rows }: { rows: Activity[] }) {
  const { t } = useTranslation();
  const [{ show }, setView] = useView(list);
  const keyed = rows.filter((row) => row.state !== "closed");
  const closed = rows.filter((row) => row.state === "closed");
  const count = (state: (typeof SHOWN)[number]) =>
    keyed.filter((row) => state === "all" || row.state === state).length;
  const shown = keyed.filter((row) => show === "all" || row.state === show);
  return (
    <>
      <section className="panel" aria-label={t("sources.title")}>
        <Segmented
          className="sources-show"
          value={show}
          onChange={(value) => setView({ show: value })}
          options={SHOWN.map((value) => ({
            value,
            label: `${t(`sources.show.${value}`)} ${count(value)}`,
          }))}
        />
        {shown.length > 0 ? (
          <Table rows={shown} label={t("sources.title")} />
        ) : (
          <p className="soft">{t("sources.none_such")}</p>
        )}
      </section>
      {closed.length > 0 && (
        <section className="panel" aria-labelledby="closed">
          <h2 id="closed">{t("sources.closed")}</h2>
          <p className="soft">{t("sources.closed_about")}</p>
          <Table rows={closed} label={t("sources.closed")} />
        </section>
      )}
    </>
  );
}

function Table({ rows, label }: { rows: Activity[]; label: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns: Cell<Activity>[] = [
    {
      key: "name",
      title: t("sources.name"),
      head: true,
      show: (row) => (
        <Link to={"/sources/$name" as never} params={{ name: row.name } as never}>
          {row.name}
        </Link>
      ),
    },
    { key: "state", title: t("sources.health"), show: (row) => <Health state={row.state} /> },
    { key: "hours", title: t("sources.hours"), show: (row) => <Hours hours={row.hours} /> },
    {
      key: "day",
      title: t("sources.accepted_today"),
      number: true,
      show: (row) => format.count(row.accepted_today),
    },
    {
      key: "refused",
      title: t("sources.refused_today"),
      number: true,
      show: (row) => <Refused row={row} />,
    },
    {
      key: "events",
      title: t("sources.events"),
      number: true,
      show: (row) => format.count(row.events),
    },
    {
      key: "last",
      title: t("sources.last"),
      show: (row) =>
        row.last_at ? (
          <time dateTime={row.last_at} title={format.moment(row.last_at)}>
            {format.away(row.last_at)}
          </time>
        ) : (
          t("sources.never")
        ),
    },
  ];
  return <Sheet label={label} columns={columns} rows={rows} rowKey={(row) => row.name} />;
}

function Refused({ row }: { row: Activity }) {
  const format = useFormat();
  if (row.refused_today === 0) return <>{format.count(0)}</>;
  return <b className="sources-refused">{format.count(row.refused_today)}</b>;
}

function Exported({ rows }: { rows: Activity[] }) {
  const { t } = useTranslation();
  const columns = [
    t("sources.name"),
    t("sources.health"),
    t("sources.accepted_today"),
    t("sources.refused_today"),
    t("sources.events"),
    t("sources.last"),
  ];
  const from = () =>
    csv(
      columns,
      rows.map((row) => [
        row.name,
        t(`sources.state.${row.state}`),
        row.accepted_today,
        row.refused_today,
        row.events,
        row.last_at,
      ]),
    );
  return <ExportButton files={[{ label: "CSV", from, name: "hotspring-sources.csv" }]} />;
}
