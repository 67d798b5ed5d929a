import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Upload } from "antd";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { type Cell, Sheet } from "../shell/Sheet";
import { Failure } from "../shell/Told";
import { useUndo } from "../shell/undo";
import { Difference } from "./Difference";
import type { Version } from "./Plan";

type Body = Record<string, unknown>;
type TriedEvent = components["schemas"]["TriedEvent"];

interface Drafting {
  now: Version;
  /** As text; none: as the plan in force. */
  draft: string | undefined;
  change: (draft: string | undefined) => void;
}

function written(plan: unknown): string {
  return JSON.stringify(plan, null, 2);
}

function read(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}

/** A plan to be: written, learnt or brought from another tool; tried before it is put in force. */
export function Draft({ now, draft, change }: Drafting) {
  const { t } = useTranslation();
  const text = draft ?? written({ events: now.events, others: now.others });
  const body = read(text);
  const learn = useMutation({
    mutationFn: (fresh: boolean) =>
      told(api.GET("/api/plan/learn", { params: { query: { new: fresh } } })),
    onSuccess: ({ plan }) => change(written(plan)),
  });
  const bring = useMutation({
    mutationFn: async (file: File) =>
      told(api.POST("/api/plan/import", { body: JSON.parse(await file.text()) as Body })),
    onSuccess: ({ plan }) => change(written(plan)),
  });
  const trial = useMutation({
    mutationFn: async (plan: Body) => ({
      text,
      tried: await told(api.POST("/api/plan/try", { body: plan })),
      difference: await told(api.POST("/api/plan/diff", { body: plan })),
    }),
  });
  const put = usePut(now, () => change(undefined));
  const error = learn.error ?? bring.error ?? trial.error ?? put.error;
  const fresh = trial.data?.text === text ? trial.data : undefined;
  return (
    <>
      <p className="soft">{t("plan.draft_about")}</p>
      <div className="plan-actions plan-gap">
        <Button loading={learn.isPending} onClick={() => learn.mutate(now.version > 0)}>
          {t("plan.learn")}
        </Button>
        <Upload
          accept=".json"
          showUploadList={false}
          customRequest={({ file }) => bring.mutate(file as File)}
        >
          <Button loading={bring.isPending}>{t("plan.bring")}</Button>
        </Upload>
        {draft !== undefined && (
          <Button onClick={() => change(undefined)}>{t("plan.discard")}</Button>
        )}
      </div>
      <Input.TextArea
        aria-label={t("plan.text")}
        className="plan-text"
        autoSize={{ minRows: 8, maxRows: 24 }}
        value={text}
        status={body ? undefined : "error"}
        onChange={(event) => change(event.target.value)}
      />
      {!body && <p className="plan-wrong">{t("plan.no_json")}</p>}
      <div className="plan-actions plan-gap">
        <Button
          disabled={!body}
          loading={trial.isPending}
          onClick={() => body && trial.mutate(body)}
        >
          {t("plan.try")}
        </Button>
        <Button
          type="primary"
          disabled={!body || !fresh}
          loading={put.isPending}
          onClick={() => body && put.mutate(body)}
        >
          {t("plan.put")}
        </Button>
        {!fresh && <span className="soft">{t("plan.try_first")}</span>}
      </div>
      {error && <Failure error={error} />}
      {fresh && (
        <>
          <h2>{t("plan.would_change")}</h2>
          <Difference of={fresh.difference} />
          <h2>{t("plan.would_break")}</h2>
          <Trial rows={fresh.tried.events} />
        </>
      )}
    </>
  );
}

function usePut(now: Version, done: () => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { notification } = App.useApp();
  const undo = useUndo();
  const back = async () => {
    const params = { path: { version: now.version } };
    await told(api.POST("/api/plan/versions/{version}/restore", { params }));
    await client.invalidateQueries({ queryKey: ["plan"] });
  };
  return useMutation({
    mutationFn: (body: Body) => told(api.PUT("/api/plan", { body })),
    onSuccess: async () => {
      done();
      await client.invalidateQueries({ queryKey: ["plan"] });
      if (now.version > 0) undo(t("plan.saved"), back);
      else notification.success({ title: t("plan.saved") });
    },
  });
}

/** How events of one name break a plan, a line for each way. */
function Breaches({ of }: { of: string[] }) {
  if (of.length === 0) return "–";
  return of.map((told) => (
    <div key={told}>
      <Said text={told} />
    </div>
  ));
}

function Trial({ rows }: { rows: TriedEvent[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (rows.length === 0) return <p className="soft">{t("plan.no_events")}</p>;
  const columns: Cell<TriedEvent>[] = [
    { key: "event", title: t("plan.event"), head: true, show: (row) => row.event },
    { key: "events", title: t("plan.came"), number: true, show: (row) => format.count(row.events) },
    {
      key: "looked",
      title: t("plan.looked_at"),
      number: true,
      show: (row) => format.count(row.looked_at),
    },
    {
      key: "breaking",
      title: t("plan.breaking"),
      number: true,
      show: (row) => format.count(row.breaking),
    },
    { key: "details", title: t("plan.how"), show: (row) => <Breaches of={row.details} /> },
  ];
  const sorted = [...rows].sort((a, b) => b.breaking - a.breaking);
  return (
    <Sheet
      label={t("plan.would_break")}
      columns={columns}
      rows={sorted}
      rowKey={(row) => row.event}
    />
  );
}
