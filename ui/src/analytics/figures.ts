import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { tagOf, useSpoken } from "../i18n";
import { useDistricts } from "../segments/asked";
import { type Formats, minus, useFormat } from "../shell/format";
import { BANDS, type Band } from "../shell/theme";
import { spoken, type Words } from "./words";

const LENGTHS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** A length of time in its two largest units: 2 days 3 hr. */
export function duration(ms: number, tag: string): string {
  const at = LENGTHS.findIndex(([, size]) => Math.abs(ms) >= size);
  const unit = (name: string, value: number) =>
    new Intl.NumberFormat(tag, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  const first = LENGTHS[at];
  if (!first) return unit("second", Math.round(ms / 10) / 100);
  const [name, size] = first;
  const next = LENGTHS[at + 1];
  if (!next) return unit(name, Math.round(ms / size));
  const [small, part] = next;
  const parts = Math.round(ms / part);
  const per = size / part;
  const rest = parts % per;
  const whole = unit(name, Math.trunc(parts / per));
  return rest === 0 ? whole : `${whole} ${unit(small, rest)}`;
}

/** Kinds whose values are numbers. */
export const NUMBERS = ["number", "count", "share", "duration", "money", "step"];

/** A value of a kind, in a column where that matters, as people read it. */
export type Show = (kind: string, value: unknown, column?: string) => string;

export interface Context {
  words: Words;
  currency: string;
  /** By what it is told apart: groups of some dimensions have names. */
  by: string;
}

/** Values of an answer as people read them. */
export function useShow({ words, currency, by }: Context): Show {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useSpoken();
  const tag = tagOf(language);
  const placed = by === "province" || by === "city";
  const { data } = useDistricts(placed);
  return useMemo(() => {
    const named = (word: string) => {
      if (placed) return data?.names[word] ?? word;
      const band = by === "band" && BANDS.includes(word as Band);
      return band ? t(`shell.bands.${word}`) : word;
    };
    return (kind, value, column = "") => {
      const none = value === null && words.none[column];
      if (none) return none[language];
      if (kind === "word" && value !== null) return spoken(words.values, String(value), language);
      if (kind === "event") return value === null ? t("analytics.any_event") : String(value);
      if (kind === "group") {
        if (value === null) return t("analytics.no_group");
        return value === "…" ? t("analytics.rest") : named(String(value));
      }
      if (value === null || value === undefined) return "–";
      if (typeof value === "boolean") return t(value ? "analytics.yes" : "analytics.no");
      if (typeof value !== "number") return String(value);
      return numeral(kind, value, { format, tag, currency });
    };
  }, [t, format, tag, language, words, currency, by, placed, data]);
}

const BITS = 1e-9;
const SMALL = 0.1;
const LEAST = 0.0001;

/** A number of which two places would tell too little. */
export function small(value: number, tag: string): string {
  const told = new Intl.NumberFormat(tag, { maximumSignificantDigits: 2 });
  if (Math.abs(value) >= LEAST) return minus(told.format(value));
  return `${value < 0 ? "> −" : "< "}${told.format(LEAST)}`;
}

interface Written {
  format: Formats;
  tag: string;
  currency: string;
}

function numeral(kind: string, value: number, { format, tag, currency }: Written): string {
  if (kind === "share") return format.percent(value);
  if (kind === "duration") return duration(value, tag);
  // A day that is cut at its hyphens is hard to read.
  if (kind === "moment") return format.moment(value).replaceAll("-", "\u2011");
  if (kind === "money") return `${format.number(value)} ${currency}`.trim();
  // Shares of conversions add up to whole ones but for the last bits.
  const whole = Math.round(value);
  if (Math.abs(value - whole) < BITS * Math.max(1, Math.abs(value))) return format.count(whole + 0);
  return Math.abs(value) < SMALL ? small(value, tag) : format.number(value);
}
