import { Button, Progress } from "antd";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { Failure } from "./Told";

const OVER = ["done", "failed", "cancelled"];
/** It is looked at again so often. */
export const LOOK_MS = 700;

/** Long work, as the API tells of it. */
export interface Work {
  state: string;
  progress: number;
  error?: string;
}

/** How long to wait before looking again; `false` once the work is over. For `refetchInterval`. */
export function lookAgain(work: Work | undefined): number | false {
  return work && OVER.includes(work.state) ? false : LOOK_MS;
}

/** How far long work is, with a way to stop it; nothing once it is done. */
export function Job({ work, label, stop }: { work: Work; label: string; stop?: () => void }) {
  const { t } = useTranslation();
  if (work.state === "done") return null;
  if (work.state === "failed") return <Failure error={new Problem(422, work.error ?? "")} />;
  const going = !OVER.includes(work.state);
  return (
    <div className="job" role="status">
      <span>{t(`shell.job.${going ? work.state : "cancelled"}`, { label })}</span>
      {going && (
        <Progress percent={Math.round(work.progress * 100)} aria-label={label} size="small" />
      )}
      {going && stop && <Button onClick={stop}>{t("shell.job.stop")}</Button>}
    </div>
  );
}
