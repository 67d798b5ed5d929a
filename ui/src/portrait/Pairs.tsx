import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import { useFormat } from "../shell/format";
import { type Beside, cohen, word } from "./apart";

type Lacking = components["schemas"]["Apart"] | null | undefined;

interface Shown {
  label: string;
  values: Beside[];
  named?: (value: string) => string;
  /** Who has no value. */
  unsaid?: Lacking;
  /** Is there a rest to be compared with? */
  both: boolean;
}

/** Shares of members, and below each that of the rest. */
export function Pairs({ label, values, named, unsaid, both }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  if (values.length === 0) return <p className="soft">{t("portrait.none_told")}</p>;
  return (
    <>
      <ul className="portrait-pairs" aria-label={label}>
        {values.map((one) => (
          <li key={one.value}>
            <span className="portrait-value">
              {(named ? named(one.value) : one.value) || t("portrait.unsaid")}
            </span>
            <span className="number">
              <span className="portrait-unseen">{t("portrait.members")} </span>
              {format.percent(one.members)}
              {both && (
                <>
                  <span aria-hidden className="soft">
                    {" / "}
                  </span>
                  <span className="portrait-unseen"> {t("portrait.rest")} </span>
                  <span className="soft">{format.percent(one.rest)}</span>
                </>
              )}
            </span>
            <span className="portrait-bars" aria-hidden>
              <span style={{ width: `${(one.members * 100).toFixed(1)}%` }} />
              {both && <span style={{ width: `${(one.rest * 100).toFixed(1)}%` }} />}
            </span>
            {both && (
              <span className="portrait-apart soft">
                {t(`portrait.share.${word(cohen(one), "h")}`)}
              </span>
            )}
          </li>
        ))}
      </ul>
      <Without unsaid={unsaid} both={both} />
    </>
  );
}

/** Who has no value, where that is told and anybody has none. */
export function Without({ unsaid, both }: { unsaid: Lacking; both: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!unsaid || (unsaid.members === 0 && unsaid.rest === 0)) return null;
  const blanks = { members: format.percent(unsaid.members), rest: format.percent(unsaid.rest) };
  return (
    <p className="soft portrait-without">
      {t(both ? "portrait.lacking" : "portrait.lacking_members", blanks)}
    </p>
  );
}
