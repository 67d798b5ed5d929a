import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import type { Activity } from "./asked";

/** Whether a source sends, in a word and a shape. */
export function Health({ state }: { state: Activity["state"] }) {
  const { t } = useTranslation();
  return (
    <span className="sources-state" data-state={state}>
      {t(`sources.state.${state}`)}
    </span>
  );
}

/** The last 24 hours as small bars. */
export function Hours({ hours }: { hours: number[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const most = Math.max(...hours);
  const all = hours.reduce((sum, count) => sum + count, 0);
  const told = t("sources.hours_told", { all: format.count(all), most: format.count(most) });
  const height = (count: number) => (count === 0 ? 0 : Math.max(1.5, (20 * count) / most));
  return (
    <svg
      className="sources-hours"
      viewBox="0 0 96 22"
      preserveAspectRatio="none"
      role="img"
      aria-label={told}
    >
      <title>{told}</title>
      {hours.map((count, hour) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: the hour is the key.
          key={hour}
          x={hour * 4}
          y={21 - height(count)}
          width="3"
          height={height(count)}
        />
      ))}
      <line x1="0" x2="96" y1="21.5" y2="21.5" />
    </svg>
  );
}
