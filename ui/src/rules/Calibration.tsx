import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useFormat } from "../shell/format";
import { Job, lookAgain } from "../shell/Job";
import { useView } from "../shell/page";
import { Sheet } from "../shell/Sheet";
import { Answer, Empty } from "../shell/Told";
import { Ask } from "./Ask";
import { Learnt } from "./Learnt";
import type { CalibrationJob, Found } from "./learnt";
import { Preview } from "./Preview";
import page from "./page";
import { RULES, type Version } from "./ruleset";
import { useSaved } from "./saving";

const JOBS = [...RULES, "calibrations"];

interface Shown {
  now: Version;
  may: boolean;
}

/** Rules learnt from the pool's own past: asked for, followed, read, taken over. */
export function Calibration({ now, may }: Shown) {
  const { t } = useTranslation();
  const [view, setView] = useView(page);
  const client = useQueryClient();
  const take = useTakeOver(now, view.run);
  const begun = async (id: string) => {
    await client.invalidateQueries({ queryKey: JOBS });
    setView({ run: id, preview: "" });
  };
  return (
    <>
      <p>{t("rules.calibration.about")}</p>
      {view.run && view.preview && (
        <Preview id={view.preview} now={now} accept={may ? take : undefined} />
      )}
      {may && <Ask begun={begun} />}
      {view.run && <Run key={view.run} id={view.run} now={now} may={may} />}
      <Former may={may} />
    </>
  );
}

/** Makes the rules of a calibration those in force, so that the record of it says what came of it. */
function useTakeOver(now: Version, run: string): () => Promise<void> {
  const saved = useSaved(now);
  return async () => {
    const path = { job_id: run };
    const job = await told(api.POST("/api/calibrations/{job_id}/accept", { params: { path } }));
    await saved(job.accepted ?? now.version + 1);
  };
}

function Run({ id, now, may }: Shown & { id: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const path = { job_id: id };
  const run = useQuery({
    queryKey: [...JOBS, id],
    queryFn: async () => {
      const job = await told(api.GET("/api/calibrations/{job_id}", { params: { path } }));
      // Once it is over the list says so too.
      if (!lookAgain(job)) void client.invalidateQueries({ queryKey: JOBS, exact: true });
      return job;
    },
    refetchInterval: ({ state }) => lookAgain(state.data),
  });
  const stop = async () => {
    await told(api.POST("/api/calibrations/{job_id}/cancel", { params: { path } }));
    await run.refetch();
  };
  return (
    <section className="panel" aria-labelledby="calibration-run">
      <Answer of={run}>
        {(job) => (
          <>
            <h2 id="calibration-run">{t("rules.calibration.asked", asked(job))}</h2>
            <Job work={job} label={t("rules.calibration.job")} stop={may ? stop : undefined} />
            {job.state === "failed" && <p>{t("rules.calibration.failed_next")}</p>}
            {job.state === "done" && job.result && (
              <Learnt job={job} found={job.result as unknown as Found} now={now} may={may} />
            )}
          </>
        )}
      </Answer>
    </section>
  );
}

const asked = ({ goal, horizon_days }: CalibrationJob) => ({ goal, days: horizon_days });

/** The calibrations there were. */
function Former({ may }: { may: boolean }) {
  const { t } = useTranslation();
  const columns = useColumns();
  const jobs = useQuery({
    queryKey: JOBS,
    queryFn: () => told(api.GET("/api/calibrations")),
  });
  return (
    <section className="panel" aria-labelledby="calibration-former">
      <h2 id="calibration-former">{t("rules.calibration.former")}</h2>
      <Answer of={jobs}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty
              title={t("rules.calibration.none")}
              next={t(may ? "rules.calibration.none_next" : "rules.calibration.none_read")}
            />
          ) : (
            <Sheet<CalibrationJob>
              label={t("rules.calibration.former")}
              rowKey={({ id }) => String(id)}
              rows={items}
              columns={columns}
            />
          )
        }
      </Answer>
    </section>
  );
}

function useColumns() {
  const { t } = useTranslation();
  const format = useFormat();
  const [view, setView] = useView(page);
  return [
    {
      title: t("rules.calibration.question"),
      key: "question",
      head: true,
      show: (job: CalibrationJob) => (
        <button
          type="button"
          className="rules-open"
          aria-current={view.run === job.id}
          onClick={() => setView({ run: job.id, preview: "" })}
        >
          {t("rules.calibration.asked", asked(job))}
        </button>
      ),
    },
    {
      title: t("rules.calibration.cut"),
      key: "cut",
      show: ({ cut }: CalibrationJob) => format.day(cut),
    },
    {
      title: t("rules.calibration.share"),
      key: "share",
      number: true,
      show: ({ share }: CalibrationJob) => format.percent(share),
    },
    {
      title: t("rules.calibration.state"),
      key: "state",
      show: ({ state, accepted }: CalibrationJob) =>
        accepted
          ? t("rules.calibration.accepted", { version: accepted })
          : t(`rules.calibration.states.${state}`),
    },
    {
      title: t("rules.calibration.begun"),
      key: "begun",
      show: (job: CalibrationJob) => `${format.moment(String(job.started_at))} · ${String(job.by)}`,
    },
  ];
}
