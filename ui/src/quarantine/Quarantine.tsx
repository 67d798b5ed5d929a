import { Button, Input, Segmented, Select } from "antd";
import { useTranslation } from "react-i18next";
import { pretty } from "../events/live";
import { Said } from "../refusals/Said";
import { ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { Answer, Empty } from "../shell/Told";
import { useActivity } from "../sources/asked";
import { type Entry, useChosen, useEntries } from "./asked";
import { Mend } from "./Mend";
import page from "./page";
import { REASONS } from "./reasons";
import "./quarantine.css";

const STATUSES = ["open", "replayed", "dropped", "any"] as const;

export default function Quarantine(): React.JSX.Element {
  const { t } = useTranslation();
  const [{ status, entry }] = useView(page);
  const entries = useEntries();
  const rows = entries.data?.pages.flatMap((part) => part.items) ?? [];
  const open = rows.find((row) => row.id === entry);
  return (
    <>
      <div className="title">
        <h1>{t("quarantine.title")}</h1>
        <div className="actions">
          <Exported />
        </div>
        <p>{t("quarantine.about")}</p>
      </div>
      <section className="panel" aria-label={t("quarantine.title")}>
        <Filters />
        <Answer of={{ ...entries, data: entries.data && rows }}>
          {(found) =>
            found.length > 0 ? (
              <>
                <Entries rows={found} />
                {entries.hasNextPage && (
                  <Button
                    loading={entries.isFetchingNextPage}
                    onClick={() => void entries.fetchNextPage()}
                  >
                    {t("quarantine.more")}
                  </Button>
                )}
              </>
            ) : (
              <Empty title={t("quarantine.empty")} next={t("quarantine.empty_next")} />
            )
          }
        </Answer>
      </section>
      {open && <Whole row={open} />}
      {(status === "open" || open?.status === "open") && rows.length > 0 && (
        <Mend key={entry} entry={open} />
      )}
    </>
  );
}

function Filters() {
  const { t } = useTranslation();
  const [{ status, reason, source, event }, setView] = useView(page);
  const names = (useActivity().data?.items ?? []).map((row) => row.name);
  return (
    <div className="quarantine-filters">
      <Segmented
        value={status}
        onChange={(chosen) => setView({ status: chosen, entry: "" })}
        options={STATUSES.map((value) => ({ value, label: t(`quarantine.status.${value}`) }))}
      />
      <Select
        aria-label={t("quarantine.reason")}
        allowClear
        placeholder={t("quarantine.every_reason")}
        value={reason || undefined}
        onChange={(chosen) => setView({ reason: chosen ?? "", entry: "" })}
        options={REASONS.map((value) => ({ value, label: t(`events.reasons.${value}`) }))}
      />
      <Select
        aria-label={t("quarantine.source")}
        allowClear
        placeholder={t("events.every_source")}
        value={source || undefined}
        onChange={(chosen) => setView({ source: chosen ?? "", entry: "" })}
        options={names.map((value) => ({ value, label: value }))}
      />
      <Input.Search
        aria-label={t("quarantine.event")}
        key={event}
        allowClear
        defaultValue={event}
        placeholder={t("quarantine.event")}
        onSearch={(text) => setView({ event: text.trim(), entry: "" })}
      />
    </div>
  );
}

function Entries({ rows }: { rows: Entry[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [{ status }, setView] = useView(page);
  const columns: Cell<Entry>[] = [
    {
      key: "reason",
      title: t("quarantine.reason"),
      head: true,
      show: (row) => (
        <button
          type="button"
          className="quarantine-link"
          onClick={() => setView({ entry: row.id })}
        >
          {t(`events.reasons.${row.reason}`)}
        </button>
      ),
    },
    { key: "event", title: t("quarantine.event"), show: (row) => row.event || "–" },
    { key: "source", title: t("quarantine.source"), show: (row) => row.source },
    {
      key: "detail",
      title: t("quarantine.detail"),
      show: (row) => <Said text={row.detail || "–"} />,
    },
    {
      key: "at",
      title: t("quarantine.received"),
      show: (row) => format.moment(String(row.received_at)),
    },
  ];
  if (status !== "open") {
    columns.push({
      key: "status",
      title: t("quarantine.became"),
      show: (row) =>
        row.status === "open"
          ? t("quarantine.status.open")
          : `${t(`quarantine.status.${row.status}`)} · ${row.resolved_by} · ${row.why}`,
    });
  }
  return (
    <Sheet
      label={t("quarantine.title")}
      columns={columns}
      rows={rows}
      rowKey={(row) => String(row.id)}
    />
  );
}

function Whole({ row }: { row: Entry }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, setView] = useView(page);
  return (
    <section className="panel" aria-labelledby="whole">
      <h2 id="whole">{t("quarantine.whole", { id: row.id })}</h2>
      <dl className="facts quarantine-facts">
        <dt>{t("quarantine.reason")}</dt>
        <dd>{t(`events.reasons.${row.reason}`)}</dd>
        <dt>{t("quarantine.detail")}</dt>
        <dd>
          <Said text={row.detail || "–"} />
        </dd>
        <dt>{t("quarantine.source")}</dt>
        <dd>{row.source}</dd>
        <dt>{t("quarantine.message_id")}</dt>
        <dd>{String(row.message_id || "–")}</dd>
        <dt>{t("quarantine.received")}</dt>
        <dd>{format.moment(String(row.received_at))}</dd>
      </dl>
      <pre className="quarantine-body">{pretty(String(row.body))}</pre>
      <Button onClick={() => setView({ entry: "" })}>{t("quarantine.close")}</Button>
    </section>
  );
}

function Exported() {
  const [{ status }] = useView(page);
  const chosen = useChosen();
  const from = (form: string) =>
    `/api/quarantine/export?${new URLSearchParams({ ...chosen, status, format: form })}`;
  const files = [
    { label: "CSV", from: from("csv"), name: "refused-events.csv" },
    { label: "JSON Lines", from: from("jsonl"), name: "refused-events.jsonl" },
  ];
  return <ExportButton files={files} />;
}
