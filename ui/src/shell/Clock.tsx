import { useTranslation } from "react-i18next";
import { useFormat, useStatus } from "./format";

const LATE_SECONDS = 10;

/** As of when the figures stand, and whether the pool is behind. */
export function Clock() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useStatus();
  if (!data) return null;
  const late = data.lag_seconds > LATE_SECONDS;
  return (
    <span className="clock" title={format.moment(data.as_of)}>
      <span className="only-wide">{t("shell.as_of")} </span>
      <time dateTime={data.as_of}>{format.clock(data.as_of)}</time>
      {late && <b> {t("shell.behind", { lag: format.seconds(data.lag_seconds) })}</b>}
    </span>
  );
}
