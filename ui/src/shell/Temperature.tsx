import { useTranslation } from "react-i18next";
import { useFormat } from "./format";
import type { Band } from "./theme";

const SHAPES: Record<Band, string> = {
  hot: "M8 1.5 15 14H1z",
  warm: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z",
  cool: "M8 .8 15.2 8 8 15.200.8 8z",
  cold: "M2 2h12v12H2z",
};

/** Which band a temperature lies in. */
export function bandOf(degrees: number): Band {
  return degrees > 80 ? "hot" : degrees >= 50 ? "warm" : degrees >= 0 ? "cool" : "cold";
}

/** The shape of a band, for those who do not see its colour. */
export function BandShape({ band, size = 11 }: { band: Band; size?: number }) {
  return (
    <svg className="band-shape" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[band]} fill={`var(--${band})`} />
    </svg>
  );
}

/** A band by shape, colour and name. */
export function BandName({ band }: { band: Band }) {
  const { t } = useTranslation();
  return (
    <span className="band">
      <BandShape band={band} />
      <span style={{ color: `var(--${band}-ink)` }}>{t(`shell.bands.${band}`)}</span>
    </span>
  );
}

/** A temperature with its unit and its band. */
export function Temperature({ value, band }: { value: number; band?: Band }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = band ?? bandOf(value);
  return (
    <span className="band temperature" title={t(`shell.bands.${shown}`)}>
      <BandShape band={shown} />
      <span>{format.degrees(value)}</span>
      <span className="band-name" style={{ color: `var(--${shown}-ink)` }}>
        {t(`shell.bands.${shown}`)}
      </span>
    </span>
  );
}
