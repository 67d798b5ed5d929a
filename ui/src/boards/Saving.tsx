import { DeleteOutlined, SaveOutlined } from "@ant-design/icons";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Kinds } from "../named/asked";
import { Naming } from "../named/Naming";
import { UsedBy } from "../named/UsedBy";
import { type Report, useForget } from "./asked";
import { type Pins, PinTo } from "./pins";
import "./boards.css";

interface Shown {
  analysis: string;
  /** What is asked now; nothing is saved while nothing is. */
  asked: Record<string, unknown> | undefined;
  /** The report that was opened. */
  report?: Report;
  pins: Pins;
  /** It was saved, or there is none any more. */
  opened: (report: Report | undefined) => void;
}

/** Keeps what is asked as a report: anew, as another, or as a change of the one that is open. */
export function Saving({ analysis, asked, report, pins, opened }: Shown) {
  const { t } = useTranslation();
  const [open, show] = useState(false);
  const forget = useForget("reports");
  if (asked === undefined) return null;
  const changed = report && JSON.stringify(report.parameters) !== JSON.stringify(asked);
  const used = (report?.used_by.length ?? 0) > 0;
  const done = (saved: Report) => {
    show(false);
    opened(saved);
  };
  const said: Omit<Kinds["reports"][1], "name" | "description"> = {
    analysis,
    parameters: asked,
    version: report?.version,
  };
  return (
    <section className="panel boards-saving" aria-label={t("boards.saving")}>
      <div className="named-bar">
        {report ? (
          <span>
            {t("boards.open_report")} <b>{report.name}</b>
            {changed && <span className="soft"> · {t("boards.unsaved")}</span>}
          </span>
        ) : (
          <span className="soft">{t("boards.not_saved")}</span>
        )}
        {!open && (
          <Button icon={<SaveOutlined />} onClick={() => show(true)}>
            {t(report ? (changed ? "boards.save_changes" : "boards.rename") : "boards.save")}
          </Button>
        )}
        {report && (
          <Button
            icon={<DeleteOutlined />}
            disabled={used}
            title={used ? t("boards.delete_used") : undefined}
            onClick={() => forget(report, report, () => opened(undefined))}
          >
            {t("boards.delete")}
          </Button>
        )}
        {used && (
          <span className="soft">
            {t("boards.shown_on")} <UsedBy users={report?.used_by ?? []} />
          </span>
        )}
        <PinTo pins={pins} />
      </div>
      {report && report.faults.length > 0 && !changed && (
        <Alert
          type="warning"
          showIcon
          title={t("boards.broken")}
          description={t("boards.broken_next")}
        />
      )}
      {open && (
        <Naming
          key={report?.id}
          kind="reports"
          kept={report}
          said={said}
          copies
          done={done}
          cancel={() => show(false)}
        />
      )}
    </section>
  );
}
