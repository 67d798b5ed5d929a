import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { csv, ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { useMay } from "../shell/session";
import { Answer, Empty } from "../shell/Told";
import { Draft } from "./Draft";
import page from "./page";
import { Versions } from "./Versions";
import "./plan.css";

export type Version = components["schemas"]["PlanVersion"];
type Breach = components["schemas"]["Breaches"];

const PARTS = ["now", "draft", "versions", "breaches"] as const;

export default function Plan(): React.JSX.Element {
  const { t } = useTranslation();
  const [{ part }, setView] = useView(page);
  const may = useMay("analyst");
  const [draft, setDraft] = useState<string>();
  const plan = useQuery({ queryKey: ["plan"], queryFn: () => told(api.GET("/api/plan")) });
  return (
    <>
      <div className="title">
        <h1>{t("plan.title")}</h1>
        <div className="actions">{plan.data && <Exported plan={plan.data} />}</div>
        <p>{t("plan.about")}</p>
      </div>
      <Segmented
        className="plan-parts"
        value={part}
        onChange={(chosen) => setView({ part: chosen })}
        options={PARTS.filter((one) => may || one !== "draft").map((value) => ({
          value,
          label: t(`plan.parts.${value}`),
        }))}
      />
      <section className="panel" aria-label={t(`plan.parts.${part}`)}>
        <Answer of={plan}>
          {(now) => (
            <>
              {part === "now" && <Now plan={now} />}
              {part === "draft" && may && <Draft now={now} draft={draft} change={setDraft} />}
              {part === "versions" && <Versions now={now} />}
              {part === "breaches" && <Breaches />}
            </>
          )}
        </Answer>
      </section>
    </>
  );
}

function Now({ plan }: { plan: Version }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = Object.entries(plan.events ?? {}).map(([name, event]) => ({ name, ...event }));
  if (plan.version === 0 || rows.length === 0) {
    return <Empty title={t("plan.empty")} next={t("plan.empty_next")} />;
  }
  const columns: Cell<(typeof rows)[number]>[] = [
    { key: "name", title: t("plan.event"), head: true, show: (row) => row.name },
    { key: "mode", title: t("plan.mode"), show: (row) => t(`plan.modes.${row.mode ?? "lenient"}`) },
    {
      key: "properties",
      title: t("plan.properties"),
      show: (row) => <Properties of={row.schema} />,
    },
    { key: "note", title: t("plan.note"), show: (row) => row.note || "–" },
  ];
  return (
    <>
      <p className="soft">
        {t("plan.version", { n: plan.version })}
        {plan.at && ` · ${format.moment(plan.at)} · ${plan.by}`}
        {" · "}
        {t(`plan.others.${plan.others ?? "allow"}`)}
      </p>
      <Sheet label={t("plan.parts.now")} columns={columns} rows={rows} rowKey={(row) => row.name} />
    </>
  );
}

function Properties({ of }: { of: Record<string, unknown> }) {
  const { t } = useTranslation();
  const all = Object.entries((of.properties ?? {}) as Record<string, { type?: unknown }>);
  const required = (of.required ?? []) as string[];
  if (all.length === 0) return <>{required.join(", ") || t("plan.any")}</>;
  return (
    <ul className="plan-properties">
      {all.map(([name, { type }]) => (
        <li key={name}>
          <code>{name}</code> <span className="soft">{String(type ?? "")}</span>{" "}
          {required.includes(name) && t("plan.required")}
        </li>
      ))}
    </ul>
  );
}

function Breaches() {
  const { t } = useTranslation();
  const format = useFormat();
  const breaches = useQuery({
    queryKey: ["plan", "breaches"],
    queryFn: () => told(api.GET("/api/plan/breaches")),
  });
  const columns: Cell<Breach>[] = [
    { key: "source", title: t("plan.source"), head: true, show: (row) => row.source },
    { key: "event", title: t("plan.event"), show: (row) => row.event || "–" },
    { key: "mode", title: t("plan.mode"), show: (row) => t(`plan.modes.${row.mode}`) },
    {
      key: "events",
      title: t("plan.breaking"),
      number: true,
      show: (row) => format.count(row.events),
    },
    { key: "last", title: t("plan.last"), show: (row) => format.moment(row.last) },
  ];
  return (
    <Answer of={breaches}>
      {({ items }) =>
        items.length > 0 ? (
          <Sheet
            label={t("plan.parts.breaches")}
            columns={columns}
            rows={items}
            rowKey={(row) => `${row.source} ${row.event} ${row.mode}`}
          />
        ) : (
          <Empty title={t("plan.unbroken")} next={t("plan.unbroken_next")} />
        )
      }
    </Answer>
  );
}

function Exported({ plan }: { plan: Version }) {
  const { t } = useTranslation();
  const { events, others } = plan;
  const json = () => new Blob([JSON.stringify({ events, others }, null, 2)]);
  const rows = Object.entries(events ?? {}).map(([name, event]) => [
    name,
    t(`plan.modes.${event.mode ?? "lenient"}`),
    JSON.stringify(event.schema),
    event.note,
  ]);
  const columns = [t("plan.event"), t("plan.mode"), t("plan.properties"), t("plan.note")];
  return (
    <ExportButton
      files={[
        { label: "JSON", from: json, name: "tracking-plan.json" },
        { label: "CSV", from: () => csv(columns, rows), name: "tracking-plan.csv" },
      ]}
    />
  );
}
