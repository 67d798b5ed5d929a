import { useTranslation } from "react-i18next";
import { tagOf } from "../i18n";
import { minus } from "../shell/format";
import { type Condition, type Rule, titleOf } from "./ruleset";

/** How rules are said in the language of the page. */
export function useSentences() {
  const { t, i18n } = useTranslation();
  const number = (value: number) => plain(i18n.language, value);
  const value = (found: Condition["value"]): string => {
    if (Array.isArray(found)) return found.map((one) => value(one)).join(t("rules.say.or"));
    if (typeof found === "boolean") return t(found ? "rules.yes" : "rules.no");
    return typeof found === "number" ? number(found) : t("rules.say.text", { text: found });
  };
  const condition = ({ field, op, value: wanted = true }: Condition) =>
    op === "exists"
      ? t(wanted === false ? "rules.say.absent" : "rules.say.exists", { field })
      : t(`rules.say.ops.${op}`, { field, value: value(wanted) });
  const days = (value: number) => {
    const hours = value * 24;
    if (value < 1) return t("rules.say.hours", { count: hours, told: number(hours) });
    return t("rules.say.days", { count: value, told: number(value) });
  };
  const signed = (points: number) => (points > 0 ? "+" : "") + number(points);
  return {
    number,
    days,
    condition,
    name: (rule: Rule) => titleOf(rule.title, i18n.language) || rule.id,
    events: (events: string[]) =>
      events[0] === "*"
        ? t("rules.say.every")
        : events.map((name) => t("rules.say.text", { text: name })).join(t("rules.say.or")),
    /** +8 points; +2.5 × ln(1 + amount) */
    points: ({ points, amount }: Pick<Rule, "points" | "amount">) => {
      if (!amount) return t("rules.say.points", { points: signed(points) });
      const of = amount === true ? t("rules.say.amount") : amount;
      return t("rules.say.by", { points: signed(points), of });
    },
  };
}

/** A number as short as it can be told: 0.3, 60, 41.67. */
function plain(language: string, value: number): string {
  const maximumFractionDigits = Math.abs(value) < 10 ? 3 : 2;
  return minus(new Intl.NumberFormat(tagOf(language), { maximumFractionDigits }).format(value));
}
