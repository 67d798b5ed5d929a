import { useTranslation } from "react-i18next";
import { pretty } from "../events/live";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import type { Replayed } from "./asked";

/** What would become of the entries: in numbers, and of the first ones before and after. */
export function Tried({ answer }: { answer: Replayed }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div role="status">
      <p>
        <b>{t("quarantine.looked_at", { n: format.count(answer.looked_at) })}</b>{" "}
        {Object.entries(answer.verdicts)
          .map(
            ([verdict, count]) => `${t(`quarantine.verdicts.${verdict}`)} ${format.count(count)}`,
          )
          .join(" · ")}
      </p>
      {answer.next && <p className="soft">{t("quarantine.more_wait")}</p>}
      {answer.entries.map((entry) => (
        <details key={entry.id} className="quarantine-tried" open={answer.entries.length === 1}>
          <summary>
            <b>{t(`quarantine.verdicts.${entry.verdict}`)}</b>{" "}
            {entry.still && `${t(`events.reasons.${entry.still}`, { defaultValue: entry.still })} `}
            <span className="soft">
              <Said text={entry.detail} />
            </span>
          </summary>
          <div className="quarantine-sides">
            <section aria-label={t("quarantine.before")}>
              <h3>{t("quarantine.before")}</h3>
              <pre className="quarantine-body">{pretty(entry.before)}</pre>
            </section>
            <section aria-label={t("quarantine.after")}>
              <h3>{t("quarantine.after")}</h3>
              <pre className="quarantine-body">{pretty(entry.after)}</pre>
            </section>
          </div>
        </details>
      ))}
    </div>
  );
}
