import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Progress, Upload } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { useMay } from "../shell/session";
import { Answer, Empty, Failure } from "../shell/Told";
import { File } from "./File";
import { ImportResult } from "./ImportResult";
import page from "./page";
import { aboutOf, type ImportJob, rejectedOf, reportOf } from "./report";
import { upload } from "./upload";
import "./imports.css";

export default function Imports(): React.JSX.Element {
  const { t } = useTranslation();
  const [{ file, job }] = useView(page);
  const may = useMay("analyst");
  return (
    <>
      <div className="title">
        <h1>{t("imports.title")}</h1>
        <p>{t("imports.about")}</p>
      </div>
      {may && !file && <Drop />}
      {file && <File key={file} id={file} />}
      {job && <ImportResult key={job} id={job} />}
      <Past />
    </>
  );
}

function Drop() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [, setView] = useView(page);
  const [percent, setPercent] = useState<number>();
  const [error, setError] = useState<unknown>();
  const send = async (chosen: globalThis.File) => {
    setError(undefined);
    setPercent(0);
    try {
      const staged = await upload(chosen, setPercent);
      client.setQueryData(["imports", "file", staged.file, ""], staged);
      setView({ file: staged.file, job: "" });
    } catch (problem) {
      setError(problem);
    }
    setPercent(undefined);
  };
  return (
    <section className="panel" aria-labelledby="drop">
      <h2 id="drop">{t("imports.drop")}</h2>
      <Upload.Dragger
        showUploadList={false}
        disabled={percent !== undefined}
        customRequest={({ file }) => send(file as globalThis.File)}
      >
        <b>{t("imports.drop_here")}</b>
        <p className="soft">{t("imports.formats")}</p>
      </Upload.Dragger>
      {percent !== undefined && (
        <Progress percent={percent} aria-label={t("imports.sending")} className="imports-gap" />
      )}
      {error !== undefined && (
        <div className="imports-gap">
          <Failure error={error} />
        </div>
      )}
    </section>
  );
}

function Past() {
  const { t } = useTranslation();
  const jobs = useQuery({
    queryKey: ["imports", "all"],
    queryFn: () => told(api.GET("/api/imports")),
    refetchInterval: 5_000,
  });
  return (
    <section className="panel" aria-labelledby="past">
      <h2 id="past">{t("imports.past")}</h2>
      <Answer of={jobs}>
        {({ items }) =>
          items.length > 0 ? (
            <Jobs rows={items} />
          ) : (
            <Empty title={t("imports.empty")} next={t("imports.empty_next")} />
          )
        }
      </Answer>
    </section>
  );
}

function Jobs({ rows }: { rows: ImportJob[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, setView] = useView(page);
  const columns: Cell<ImportJob>[] = [
    {
      key: "name",
      title: t("imports.file"),
      head: true,
      show: (job) => (
        <button
          type="button"
          className="imports-link"
          onClick={() => setView({ job: job.id, file: "" })}
        >
          {aboutOf(job).name}
        </button>
      ),
    },
    {
      key: "preset",
      title: t("imports.preset"),
      show: (job) => t(`imports.presets.${aboutOf(job).preset}`),
    },
    {
      key: "state",
      title: t("imports.state"),
      show: (job) =>
        t(reportOf(job).dry_run ? "imports.states.tried" : `imports.states.${job.state}`),
    },
    {
      key: "rows",
      title: t("imports.rows"),
      number: true,
      show: (job) => format.count(reportOf(job).rows ?? 0),
    },
    {
      key: "events",
      title: t("imports.new_events"),
      number: true,
      show: (job) => format.count(reportOf(job).new_events ?? 0),
    },
    {
      key: "rejected",
      title: t("imports.rejected"),
      number: true,
      show: (job) => format.count(rejectedOf(reportOf(job))),
    },
    {
      key: "at",
      title: t("imports.at"),
      show: (job) => `${format.moment(aboutOf(job).at)} · ${aboutOf(job).by}`,
    },
  ];
  return <Sheet label={t("imports.past")} columns={columns} rows={rows} rowKey={(job) => job.id} />;
}
