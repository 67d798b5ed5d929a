import { Link } from "@tanstack/react-router";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Said } from "../refusals/Said";
import type { Became as Done, Found } from "./asked";

const WELL = ["created", "replaced", "unchanged", "proposed", "deleted", "absent"];

/** What became of the items that were switched on or off. */
export function Became({ done, found, close }: { done: Done[]; found: Found; close: () => void }) {
  const { t } = useTranslation();
  const names = new Map(found.items.map(({ id, name }) => [id, name]));
  const preview = done.find((one) => one.preview)?.preview;
  const outcomes = [...new Set(done.map(({ outcome }) => outcome))];
  return (
    <Alert
      className="templates-note"
      type={done.every(({ outcome }) => WELL.includes(outcome)) ? "success" : "warning"}
      showIcon
      closable={{ onClose: close, "aria-label": t("templates.close") }}
      title={
        <ul className="templates-done">
          {outcomes.map((outcome) => {
            const these = done.filter((one) => one.outcome === outcome);
            const why = [...new Set(these.map(({ problem }) => problem).filter(Boolean))];
            return (
              <li key={outcome}>
                {t(`templates.became.${outcome}`, {
                  names: these.map(({ id }) => names.get(id) ?? id).join(t("templates.comma")),
                })}{" "}
                {outcome !== "lacking" && why.length > 0 && <Said text={why.join("; ")} />}
                {outcome === "proposed" && preview && (
                  <Link to={"/rules" as never} search={{ preview } as never}>
                    {t("templates.look")}
                  </Link>
                )}
              </li>
            );
          })}
        </ul>
      }
    />
  );
}
