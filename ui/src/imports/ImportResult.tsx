import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useFormat } from "../shell/format";
import { Job, lookAgain } from "../shell/Job";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { useMay } from "../shell/session";
import { Answer } from "../shell/Told";
import page from "./page";
import {
  aboutOf,
  faultsOf,
  type ImportJob,
  type Quality,
  type Report,
  rejectedOf,
  reportOf,
  viewOf,
} from "./report";
import { Without } from "./Without";

/** One import: how far it is, what it brought, what it left out and why. */
export function ImportResult({ id }: { id: string }) {
  const { t } = useTranslation();
  const [, setView] = useView(page);
  const may = useMay("analyst");
  const client = useQueryClient();
  const params = { path: { job_id: id } };
  const job = useQuery({
    queryKey: ["imports", "job", id],
    queryFn: async () => {
      const found = await told(api.GET("/api/imports/{job_id}", { params }));
      // Once it is over the list says so too.
      if (!lookAgain(found)) void client.invalidateQueries({ queryKey: ["imports", "all"] });
      return found;
    },
    refetchInterval: (query) => lookAgain(query.state.data),
  });
  const cancel = useMutation({
    mutationFn: () => told(api.POST("/api/imports/{job_id}/cancel", { params })),
    onSettled: () => job.refetch(),
  });
  return (
    <section className="panel" aria-labelledby="result">
      <h2 id="result">{job.data ? aboutOf(job.data).name : t("imports.result")}</h2>
      <Answer of={job}>
        {(found) => (
          <>
            <State job={found} stop={may ? () => cancel.mutate() : undefined} />
            {reportOf(found).rows !== undefined && <Told job={found} report={reportOf(found)} />}
            {found.state === "done" && !reportOf(found).dry_run && (
              <Next view={viewOf(reportOf(found))} />
            )}
          </>
        )}
      </Answer>
      <Button className="imports-gap" onClick={() => setView({ job: "" })}>
        {t("imports.close")}
      </Button>
    </section>
  );
}

/** Where what came in is seen. */
function Next({ view }: { view: ReturnType<typeof viewOf> }) {
  const { t } = useTranslation();
  return (
    <p className="imports-choices">
      <Link to={"/map" as never} search={view as never}>
        {t("map.title")}
      </Link>
      <Link to={"/profiles" as never}>{t("profiles.title")}</Link>
    </p>
  );
}

function State({ job, stop }: { job: ImportJob; stop?: () => void }) {
  const { t } = useTranslation();
  const report = reportOf(job);
  if (job.state === "cancelled") {
    return <Alert type="info" showIcon title={t("imports.cancelled")} />;
  }
  if (job.state !== "done") {
    const work = { state: job.state, progress: job.progress ?? 0, error: report.error };
    return <Job work={work} label={aboutOf(job).name} stop={stop} />;
  }
  return (
    <Alert
      type={report.dry_run ? "info" : "success"}
      showIcon
      title={t(report.dry_run ? "imports.tried" : "imports.done")}
    />
  );
}

function Told({ job, report }: { job: ImportJob; report: Report }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay("analyst");
  const rejected = rejectedOf(report);
  const facts: [string, string][] = [
    [t("imports.rows"), format.count(report.rows ?? 0)],
    [t("imports.events"), format.count(report.events ?? 0)],
    [t("imports.profiles"), format.count(report.profiles ?? 0)],
    [t("imports.duplicate_rows"), format.count(report.duplicate_rows ?? 0)],
    [t("imports.rejected"), format.count(rejected)],
  ];
  if (!report.dry_run)
    facts.splice(2, 0, [t("imports.new_events"), format.count(report.new_events ?? 0)]);
  for (const [currency, money] of Object.entries(report.money ?? {})) {
    facts.push([t("imports.revenue", { currency }), format.number(Number(money.revenue))]);
  }
  if (report.earliest_ms && report.latest_ms) {
    const days = `${format.day(report.earliest_ms)} – ${format.day(report.latest_ms)}`;
    facts.push([t("imports.days"), days]);
  }
  return (
    <>
      <dl className="facts imports-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Without of={report.without ?? []} />
      {rejected > 0 && <Rejected report={report} />}
      {rejected > 0 && may && (
        <p>
          <a href={`/api/imports/${job.id}/rejects`} download>
            {t("imports.rejects")}
          </a>
        </p>
      )}
      {report.columns && report.columns.length > 0 && <Columns rows={report.columns} />}
    </>
  );
}

function Rejected({ report }: { report: Report }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <h3>{t("imports.why")}</h3>
      <ul>
        {Object.entries(report.rejected ?? {}).map(([reason, rows]) => (
          <li key={reason}>
            {t(`imports.reasons.${reason}`, { defaultValue: reason })}: {format.count(rows)}
          </li>
        ))}
      </ul>
    </>
  );
}

function Columns({ rows }: { rows: Quality[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns: Cell<Quality>[] = [
    { key: "column", title: t("imports.column"), head: true, show: (one) => one.column },
    {
      key: "field",
      title: t("imports.field"),
      show: (one) => t(`imports.fields.${one.field.split("@")[0]}`, { defaultValue: one.field }),
    },
    ...(["missing", "invalid", "out_of_range", "outliers", "future"] as const).map((kind) => ({
      key: kind,
      title: t(`imports.quality.${kind}`),
      number: true,
      show: (one: Quality) => format.count(one[kind]),
    })),
  ];
  const sorted = [...rows].sort((a, b) => faultsOf(b) - faultsOf(a));
  return (
    <>
      <h3>{t("imports.quality.title")}</h3>
      <Sheet
        label={t("imports.quality.title")}
        columns={columns}
        rows={sorted}
        rowKey={(one) => `${one.field} ${one.column}`}
      />
    </>
  );
}
