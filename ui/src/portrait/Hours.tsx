import { useTranslation } from "react-i18next";
import { csv, ExportButton } from "../shell/ExportButton";
import { useZone } from "../shell/format";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** So much of the accent at most. */
const DARKEST = 90;
const EVERY = 6;

/** Activity by day of the week and hour, in the zone of the pool; what is told may be a share. */
export function Hours({ hours, tell }: { hours: number[][]; tell: (value: number) => string }) {
  const { t } = useTranslation();
  const zone = useZone();
  const most = Math.max(...hours.flat(), 0);
  const file = {
    label: "CSV",
    name: `${t("portrait.hours")}.csv`,
    from: () =>
      csv(
        [t("portrait.day"), ...HOURS.map((hour) => `${hour}:00`)],
        DAYS.map((day, at) => [t(`portrait.days.${day}`), ...(hours[at] ?? [])]),
      ),
  };
  const peak = hours.flatMap((row, day) => row.map((value, hour) => ({ value, day, hour })));
  const best = peak.reduce((a, b) => (b.value > a.value ? b : a), { value: 0, day: 0, hour: 0 });
  return (
    <>
      <div className="portrait-bar">
        <span className="soft">
          {best.value > 0 &&
            t("portrait.busiest", {
              day: t(`portrait.days.${DAYS[best.day]}`),
              from: best.hour,
              to: best.hour + 1,
            })}{" "}
          {t("portrait.zone", { zone })}
        </span>
        <ExportButton files={[file]} />
      </div>
      <table className="portrait-hours">
        <caption className="portrait-unseen">{t("portrait.hours")}</caption>
        <thead>
          <tr>
            <td />
            {HOURS.map((hour) => (
              <th key={hour} scope="col" aria-label={`${hour}:00`}>
                {hour % EVERY === 0 ? hour : ""}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {DAYS.map((day, at) => (
            <tr key={day}>
              <th scope="row">{t(`portrait.days.${day}`)}</th>
              {HOURS.map((hour) => {
                const value = hours[at]?.[hour] ?? 0;
                const depth = most > 0 ? (DARKEST * value) / most : 0;
                const said = tell(value);
                return (
                  <td
                    key={hour}
                    title={`${t(`portrait.days.${day}`)} ${hour}:00 ${said}`}
                    style={{
                      background: `color-mix(in srgb, var(--accent) ${depth.toFixed(1)}%, var(--page))`,
                    }}
                  >
                    <span className="portrait-unseen">{said}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="soft">{t("portrait.deepest", { most: tell(most) })}</p>
    </>
  );
}
