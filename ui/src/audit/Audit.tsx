import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { Sheet } from "../shell/Sheet";
import { Answer, Empty } from "../shell/Told";
import { ACTIONS } from "./actions";
import page from "./page";
import "./audit.css";

type Entry = components["schemas"]["AuditEntry"];
type Where = Record<"action" | "actor" | "about" | "since" | "until", string>;

const DAY_MS = 86_400_000;

/** What is asked of the API: what was said, the last day whole. */
function asked({ until, ...rest }: Where): Record<string, string> {
  const day = Date.parse(until);
  const next = Number.isNaN(day) ? "" : new Date(day + DAY_MS).toISOString().slice(0, 10);
  return Object.fromEntries(Object.entries({ ...rest, until: next }).filter(([, text]) => text));
}

/** What was done that somebody may have to answer for. */
export default function Audit() {
  const { t } = useTranslation();
  const [view, setView] = useView(page);
  const where = asked(view);
  const log = useInfiniteQuery({
    queryKey: ["audit", where],
    queryFn: ({ pageParam }) => {
      const query = { ...where, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) };
      return told(api.GET("/api/audit", { params: { query } }));
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
  });
  const file = (format: string) => `/api/export/audit?${new URLSearchParams({ ...where, format })}`;
  const filtered = Object.keys(where).length > 0;
  const items = log.data?.pages.flatMap((one) => one.items);
  return (
    <>
      <div className="title">
        <h1>{t("audit.title")}</h1>
        <div className="actions">
          <ExportButton
            files={[
              { label: "CSV", from: file("csv"), name: "hotspring-audit.csv" },
              { label: "JSON Lines", from: file("jsonl"), name: "hotspring-audit.jsonl" },
            ]}
          />
        </div>
        <p>{t("audit.about")}</p>
      </div>
      <section className="panel">
        <Filters view={view} change={(part) => setView(part, { replace: true })} />
        <Answer of={{ data: items, error: log.error, refetch: log.refetch }}>
          {(entries) =>
            entries.length === 0 ? (
              <Empty
                title={t("audit.none")}
                next={t(filtered ? "audit.none_fit" : "audit.none_yet")}
                action={
                  filtered && (
                    <Button onClick={() => setView(page.view?.({}) ?? {})}>
                      {t("audit.clear")}
                    </Button>
                  )
                }
              />
            ) : (
              <Entries entries={entries} />
            )
          }
        </Answer>
        {log.hasNextPage && (
          <p>
            <Button onClick={() => log.fetchNextPage()} loading={log.isFetchingNextPage}>
              {t("audit.more")}
            </Button>
          </p>
        )}
      </section>
    </>
  );
}

function Filters({ view, change }: { view: Where; change: (part: Partial<Where>) => void }) {
  const { t } = useTranslation();
  const actions = ACTIONS.map((value) => ({ value, label: t(`audit.actions.${value}`) }));
  return (
    <search className="audit-filters">
      <Select
        allowClear
        showSearch
        optionFilterProp="label"
        aria-label={t("audit.action")}
        placeholder={t("audit.action")}
        value={view.action || undefined}
        options={actions}
        onChange={(action?: string) => change({ action: action ?? "" })}
      />
      <Typed name={t("audit.actor")} value={view.actor} change={(actor) => change({ actor })} />
      <Typed name={t("audit.who")} value={view.about} change={(about) => change({ about })} />
      <Input
        type="date"
        aria-label={t("audit.since")}
        title={t("audit.since")}
        value={view.since}
        max={view.until || undefined}
        onChange={({ target }) => change({ since: target.value })}
      />
      <Input
        type="date"
        aria-label={t("audit.until")}
        title={t("audit.until")}
        value={view.until}
        min={view.since || undefined}
        onChange={({ target }) => change({ until: target.value })}
      />
    </search>
  );
}

/** A field that asks once it is left or Enter is pressed, not at every letter. */
function Typed({
  name,
  value,
  change,
}: {
  name: string;
  value: string;
  change: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const ask = () => text.trim() !== value && change(text.trim());
  return (
    <Input
      allowClear
      maxLength={600}
      aria-label={name}
      placeholder={name}
      value={text}
      onChange={({ target }) => setText(target.value)}
      onClear={() => change("")}
      onBlur={ask}
      onPressEnter={ask}
    />
  );
}

function Entries({ entries }: { entries: Entry[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const said = useDetail();
  const action = (name: string) => (ACTIONS.includes(name) ? t(`audit.actions.${name}`) : name);
  return (
    <Sheet<Entry>
      label={t("audit.title")}
      rowKey={({ id }) => String(id)}
      rows={entries}
      columns={[
        { title: t("audit.at"), key: "at", head: true, show: ({ at }) => format.moment(at) },
        { title: t("audit.actor"), key: "actor", show: ({ actor }) => actor },
        {
          title: t("audit.action"),
          key: "action",
          show: ({ action: name }) => <span title={name}>{action(name)}</span>,
        },
        {
          title: t("audit.subject"),
          key: "subject",
          show: ({ subject }) => <code className="audit-text">{subject}</code>,
        },
        {
          title: t("audit.detail"),
          key: "detail",
          show: ({ detail }) => <span className="audit-text soft">{said(detail)}</span>,
        },
      ]}
    />
  );
}

/** Details in words, as far as there are any. */
function useDetail() {
  const { t, i18n } = useTranslation();
  const word = (kind: string, name: string) =>
    i18n.exists(`audit.${kind}.${name}`) ? t(`audit.${kind}.${name}`) : name;
  const told = (name: string, value: unknown) => {
    if (typeof value !== "string") return JSON.stringify(value);
    return name === "part" ? word("parts", value) : value;
  };
  return (detail: Record<string, unknown>) =>
    Object.entries(detail)
      .filter(([, value]) => value !== null && value !== "")
      .map(([name, value]) =>
        t("audit.one", { name: word("details", name), value: told(name, value) }),
      )
      .join(t("audit.between"));
}
