import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { type Found, type Group, striking, word } from "./apart";

interface Shown {
  one: Found;
  named: (group: Group, value: string) => string;
  titled: (group: Group) => string;
}

/** What sets members apart, the greatest difference first, each in a sentence. */
export function Striking({ one, named, titled }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = striking(one);
  return (
    <section className="panel" aria-labelledby="portrait-striking">
      <h2 id="portrait-striking">{t("portrait.striking")}</h2>
      {found.length === 0 && <p>{t("portrait.alike")}</p>}
      <ol className="portrait-striking">
        {found.map((what) => {
          if (what.of === "share") {
            const { group, row, effect } = what;
            return (
              <li key={`${group.key} ${group.name} ${row.value}`}>
                {t("portrait.say_share", {
                  what: titled(group),
                  value: named(group, row.value),
                  how: t(`portrait.share.${word(effect, "h")}`),
                  members: format.percent(row.members),
                  rest: format.percent(row.rest),
                })}
              </li>
            );
          }
          const { row, effect } = what;
          const told = (value: number | null) => (value === null ? "\u2013" : format.number(value));
          return (
            <li key={row.name}>
              {t(`portrait.say_${row.kind}`, {
                what: row.name,
                how: t(`portrait.height.${word(effect, "delta")}`),
                members: told(row.members.median),
                rest: told(row.rest.median),
              })}
            </li>
          );
        })}
      </ol>
      <p className="soft">{t("portrait.striking_about")}</p>
    </section>
  );
}
