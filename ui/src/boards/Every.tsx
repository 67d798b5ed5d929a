import { Select } from "antd";
import { useTranslation } from "react-i18next";

const MINUTES = [0, 1, 5, 15, 60, 1_440];

/** How often a dashboard is refreshed, in words. */
export function useEvery(): (minutes: number) => string {
  const { t } = useTranslation();
  return (minutes) => (minutes === 0 ? t("boards.by_hand") : t("boards.every", { minutes }));
}

/** Chooses how often a dashboard is refreshed. */
export function Every({ value, change }: { value: number; change: (minutes: number) => void }) {
  const { t } = useTranslation();
  const every = useEvery();
  const offered = MINUTES.includes(value) ? MINUTES : [...MINUTES, value];
  return (
    <Select
      aria-label={t("boards.refreshed")}
      value={value}
      onChange={change}
      options={offered.map((minutes) => ({ value: minutes, label: every(minutes) }))}
      className="boards-every"
    />
  );
}
