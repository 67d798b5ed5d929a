import { useTranslation } from "react-i18next";
import type { Rule } from "./ruleset";
import { useSentences } from "./sentence";

/** A rule as people say it. */
export function Sentence({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  const say = useSentences();
  const warms = rule.points > 0;
  return (
    <p className="rules-sentence">
      {t("rules.say.when", { events: say.events(rule.events) })}
      {rule.conditions?.length ? (
        <>
          {" "}
          {t("rules.say.if", {
            conditions: rule.conditions.map(say.condition).join(t("rules.say.and")),
          })}
        </>
      ) : null}
      {t("rules.say.gives")}
      <b className={warms ? "rules-warms" : "rules-cools"}>{say.points(rule)}</b>
      {t("rules.say.halves", { days: say.days(rule.half_life_days) })}
      {rule.cap ? t("rules.say.cap", { cap: say.number(rule.cap) }) : null}
      {t("rules.say.end")}
    </p>
  );
}
