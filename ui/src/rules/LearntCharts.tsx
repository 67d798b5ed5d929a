import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { BAND_COLOURS, BANDS, COLOURS } from "../shell/theme";
import { type Found, RIVALS } from "./learnt";

/** How well the learnt temperature tells who reaches the goal, beside what else one could go by. */
export function Scores({ found }: { found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const title = t("rules.calibration.scores");
  const rows = useMemo(
    () =>
      [
        ["temperature", found.auc.temperature ?? 0] as const,
        ["force", found.auc_in_force] as const,
        ...RIVALS.map((name) => [name, found.auc[name] ?? 0] as const),
      ].map(([name, value]) => ({ name, said: t(`rules.calibration.rivals.${name}`), value })),
    [found, t],
  );
  const option = useMemo(() => {
    const { accent = "", soft = "", ink = "" } = COLOURS[shade];
    const least = Math.min(0.5, ...rows.map(({ value }) => value));
    const most = Math.max(...rows.map(({ value }) => value));
    return {
      grid: { left: 8, right: 48, top: 8, bottom: 28, containLabel: true },
      tooltip: { valueFormatter: (value: unknown) => format.number(Number(value), 3) },
      xAxis: {
        type: "value",
        min: Math.floor(least * 20) / 20,
        max: Math.min(1, Math.ceil((most + 0.02) * 20) / 20),
        splitNumber: 4,
        axisLabel: { hideOverlap: true, formatter: (value: number) => format.number(value) },
      },
      yAxis: { type: "category", inverse: true, data: rows.map(({ said }) => said) },
      series: [
        {
          type: "bar",
          barCategoryGap: "35%",
          label: {
            show: true,
            position: "right",
            color: ink,
            formatter: ({ value }: { value: number }) => format.number(value, 3),
          },
          data: rows.map(({ name, value }) => ({
            value,
            itemStyle: { color: { temperature: accent, force: ink }[name as string] ?? soft },
          })),
        },
      ],
    };
  }, [rows, shade, format]);
  const numbers = useMemo(
    () => ({
      columns: [t("rules.calibration.by"), "AUC"],
      rows: rows.map(({ said, value }) => [said, value]),
    }),
    [rows, t],
  );
  return (
    <div>
      <h3>{title}</h3>
      <p className="soft">{t("rules.calibration.scores_note")}</p>
      <Chart title={title} option={option} numbers={numbers} height={260} />
    </div>
  );
}

/** How many of each band reached the goal: what a hot profile is worth. */
export function BandRates({ found }: { found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const title = t("rules.calibration.bands");
  const words = useMemo(
    () => ({ learnt: t("rules.calibration.proposed"), force: t("rules.calibration.rivals.force") }),
    [t],
  );
  const option = useMemo(() => {
    const { soft = "", ink = "" } = COLOURS[shade];
    const outlined = {
      color: "transparent",
      borderColor: soft,
      borderType: "dashed",
      borderWidth: 1,
    };
    const percent = (value: unknown) =>
      typeof value === "number" ? format.percent(value) : t("rules.calibration.nobody");
    return {
      grid: { left: 8, right: 12, top: 36, bottom: 8, containLabel: true },
      legend: {
        top: 0,
        left: 0,
        selectedMode: false,
        data: [
          { name: words.learnt, itemStyle: { color: soft } },
          { name: words.force, itemStyle: outlined },
        ],
      },
      tooltip: { trigger: "axis", valueFormatter: percent },
      xAxis: { type: "category", data: BANDS.map((band) => t(`shell.bands.${band}`)) },
      yAxis: { type: "value", min: 0, axisLabel: { formatter: percent } },
      series: [
        {
          name: words.learnt,
          type: "bar",
          itemStyle: { color: ink },
          label: {
            show: true,
            position: "top",
            color: ink,
            formatter: ({ value }: { value: unknown }) => percent(value),
          },
          data: BANDS.map((band) => ({
            value: found.bands[band],
            itemStyle: { color: BAND_COLOURS[shade][band].fill },
          })),
        },
        {
          name: words.force,
          type: "bar",
          itemStyle: outlined,
          data: BANDS.map((band) => found.bands_in_force[band].rate),
        },
      ],
    };
  }, [found, shade, format, t, words]);
  const numbers = useMemo(
    () => ({
      columns: [
        t("rules.calibration.band"),
        t("rules.calibration.profiles"),
        t("rules.calibration.rate"),
        `${words.force} · ${t("rules.calibration.profiles")}`,
        `${words.force} · ${t("rules.calibration.rate")}`,
      ],
      rows: BANDS.map((band) => [
        t(`shell.bands.${band}`),
        found.band_profiles[band],
        rate(found.bands[band]),
        found.bands_in_force[band].profiles,
        rate(found.bands_in_force[band].rate),
      ]),
    }),
    [found, t, words],
  );
  return (
    <div>
      <h3>{title}</h3>
      <p className="soft">{t("rules.calibration.bands_note", { days: found.horizon_days })}</p>
      <Chart title={title} option={option} numbers={numbers} height={260} />
    </div>
  );
}

/** A share in percent, as a table shows it; nothing where nobody is in the band. */
function rate(share: number | null): number | null {
  return share === null ? null : Math.round(share * 1_000) / 10;
}
