import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import { type Condition, type Title, titleOf } from "./ruleset";
import { useSentences } from "./sentence";

type Difference = components["schemas"]["Difference"];

const FIELDS = [
  "title",
  "events",
  "conditions",
  "points",
  "amount",
  "half_life_days",
  "cap",
  "e_half",
  "currency",
  "rates",
];

/** What is not the same in two rule sets, field by field. */
export function Differences({ of }: { of: Difference[] }) {
  const { t, i18n } = useTranslation();
  const value = useValues();
  if (of.length === 0) return <p className="soft">{t("rules.differ.none")}</p>;
  return (
    <ul className="rules-differences">
      {of.map(({ rule, change, fields }) => {
        const named = fields.title?.find((one) => one) as Title | undefined;
        const shown = Object.entries(fields).filter(([name]) => FIELDS.includes(name));
        return (
          <li key={rule}>
            <p>
              <span className="rules-tag" data-kind={change}>
                {t(`rules.change.${change}`)}
              </span>{" "}
              <b>{rule ? titleOf(named, i18n.language) || rule : t("rules.differ.set")}</b>
            </p>
            <dl className="rules-fields">
              {shown.map(([name, [before, after]]) => (
                <div key={name}>
                  <dt>{t(`rules.differ.fields.${name}`)}</dt>
                  <dd>
                    {change !== "added" && <del>{value(name, before)}</del>}
                    {change === "changed" && " → "}
                    {change !== "removed" && <ins>{value(name, after)}</ins>}
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        );
      })}
    </ul>
  );
}

/** A field's content in words. */
function useValues(): (name: string, value: unknown) => string {
  const { t, i18n } = useTranslation();
  const say = useSentences();
  return (name, value) => {
    if (value === null || value === undefined || value === false) return t("rules.differ.nothing");
    if (name === "title") return titleOf(value as Title, i18n.language);
    if (name === "events") return say.events(value as string[]);
    if (name === "conditions") {
      const said = (value as Condition[]).map(say.condition);
      return said.join(t("rules.say.and")) || t("rules.differ.nothing");
    }
    if (name === "rates")
      return Object.entries(value as Record<string, number>)
        .map(([currency, rate]) => `${currency} ${say.number(rate)}`)
        .join(", ");
    if (name === "half_life_days") return say.days(Number(value));
    if (value === true) return t("rules.say.amount");
    return typeof value === "number" ? say.number(value) : String(value);
  };
}
