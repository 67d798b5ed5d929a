import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { type Found, LEAST, word } from "./apart";
import { Without } from "./Pairs";

const YEAR_DAYS = 365.25;
/** Longer ago it is told in years. */
const MANY_DAYS = 730;

interface Shown {
  one: Found;
  both: boolean;
}

/** Numbers side by side: temperature, what their orders come to, and traits. */
export function Figures({ one, both }: Shown) {
  return (
    <div className="panels">
      <Worth one={one} both={both} />
      <Numbers one={one} both={both} />
    </div>
  );
}

function Head({ both }: { both: boolean }) {
  const { t } = useTranslation();
  return (
    <thead>
      <tr>
        <td />
        <th scope="col">{t("portrait.members")}</th>
        {both && <th scope="col">{t("portrait.rest")}</th>}
      </tr>
    </thead>
  );
}

/** Orders of a year. */
function Worth({ one: { worth, members, rest }, both }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!worth) return null;
  const sizes = { members, rest };
  const money = (value: number | null) =>
    value === null ? "\u2013" : `${format.number(value)} ${worth.currency}`.trim();
  const sides = both ? (["members", "rest"] as const) : (["members"] as const);
  // Of fewer than five customers nothing more is told, their number neither.
  const customers = (side: "members" | "rest") => {
    const count = worth[side].customers;
    if (count > 0 && count < LEAST) return t("portrait.fewer", { least: LEAST });
    return `${format.count(count)} (${format.percent(count / Math.max(sizes[side], 1))})`;
  };
  const row = (name: "amount" | "median" | "revenue") => (
    <tr>
      <th scope="row">{t(`portrait.money.${name}`)}</th>
      {sides.map((side) => (
        <td key={side}>{money(worth[side][name])}</td>
      ))}
    </tr>
  );
  return (
    <section className="panel" aria-labelledby="portrait-worth">
      <h2 id="portrait-worth">{t("portrait.year")}</h2>
      <table className="portrait-table">
        <Head both={both} />
        <tbody>
          <tr>
            <th scope="row">{t("portrait.customers")}</th>
            {sides.map((side) => (
              <td key={side}>{customers(side)}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">{t("portrait.orders_each")}</th>
            {sides.map((side) => (
              <td key={side}>
                {worth[side].orders === null ? "\u2013" : format.number(worth[side].orders)}
              </td>
            ))}
          </tr>
          {row("amount")}
          {row("median")}
          {row("revenue")}
        </tbody>
      </table>
      <p className="soft">{t("portrait.year_about")}</p>
    </section>
  );
}

/** Temperature and traits that are numbers or times, by their median. */
function Numbers({ one, both }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const { temperature, numbers } = one;
  if (!temperature) return null;
  const told = (value: number | null, kind: "number" | "datetime") => {
    if (value === null) return "\u2013";
    if (kind === "number") return format.number(value);
    return value < MANY_DAYS
      ? t("portrait.ago", { count: Math.round(value) })
      : t("portrait.years_ago", { years: format.number(value / YEAR_DAYS, 1) });
  };
  return (
    <section className="panel" aria-labelledby="portrait-numbers">
      <h2 id="portrait-numbers">{t("portrait.numbers")}</h2>
      <table className="portrait-table">
        <Head both={both} />
        <tbody>
          <tr>
            <th scope="row">
              {t("portrait.temperature")}
              {both && <Apart effect={temperature.effect} />}
            </th>
            <td>{degrees(temperature.members.median)}</td>
            {both && <td>{degrees(temperature.rest.median)}</td>}
          </tr>
          {numbers.map((row) => (
            <tr key={row.name}>
              <th scope="row">
                {row.name}
                {both && <Apart effect={row.effect} />}
                <Without unsaid={row.unsaid} both={both} />
              </th>
              <td>{told(row.members.median, row.kind)}</td>
              {both && (
                <td>{row.rest.count < LEAST ? "\u2013" : told(row.rest.median, row.kind)}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="soft">{t("portrait.numbers_about")}</p>
    </section>
  );

  function degrees(value: number | null): string {
    return value === null ? "\u2013" : format.degrees(value);
  }
}

/** How far the two sides are apart, in words. */
function Apart({ effect }: { effect: number }) {
  const { t } = useTranslation();
  return (
    <span className="portrait-apart soft">{t(`portrait.height.${word(effect, "delta")}`)}</span>
  );
}
