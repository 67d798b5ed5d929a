import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";

/** What changes from one plan to another, line by line. */
export function Difference({ of }: { of: components["schemas"]["PlanDifference"] }) {
  const { t } = useTranslation();
  if (of.changes.length === 0 && !of.others) return <p className="soft">{t("plan.same")}</p>;
  return (
    <ul className="plan-difference">
      {of.others && <li>{t("plan.others_change", { what: of.others })}</li>}
      {of.changes.map((change) => (
        <li key={change.event}>
          <b>{change.event}</b> {t(`plan.changes.${change.change}`)}
          {change.lines.length > 0 && <pre>{change.lines.join("\n")}</pre>}
        </li>
      ))}
    </ul>
  );
}
