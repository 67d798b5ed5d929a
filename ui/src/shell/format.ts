import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { tagOf } from "../i18n";

export const STATUS = ["status"];
export const EVERY_MS = 5_000;

/** How much the pool holds and how far it is, read again every few seconds. */
export function useStatus() {
  return useQuery({
    queryKey: STATUS,
    queryFn: () => told(api.GET("/api/status")),
    refetchInterval: EVERY_MS,
  });
}

/** The zone of the pool's days. */
export function useZone(): string {
  const { data } = useStatus();
  return typeof data?.timezone === "string" ? data.timezone : "Asia/Shanghai";
}

/** Where days are written 2026-11-22, which nobody takes for another day. */
const ISO = "sv-SE";

/** Numbers and moments as they are written in a language, in the zone of the pool. */
export function formats(language: string, zone: string) {
  const tag = tagOf(language);
  const counts = new Intl.NumberFormat(tag);
  const fixed = (digits: number) =>
    new Intl.NumberFormat(tag, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const [one, two] = [fixed(1), fixed(2)];
  const percents = new Intl.NumberFormat(tag, {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const date = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const days = new Intl.DateTimeFormat(ISO, date);
  const moments = new Intl.DateTimeFormat(ISO, { ...date, ...clock });
  const clocks = new Intl.DateTimeFormat(ISO, { timeZone: zone, ...clock, second: "2-digit" });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  return {
    /** 12,345 */
    count: (value: number) => counts.format(value),
    /** 63.2 °C; minus is a minus sign. */
    degrees: (value: number) => `${minus(one.format(value))} °C`,
    /** +3.1 °C */
    change: (value: number) => `${value > 0 ? "+" : ""}${minus(one.format(value))} °C`,
    number: (value: number, digits = 2) =>
      minus((digits === 1 ? one : digits === 2 ? two : fixed(digits)).format(value)),
    percent: (share: number) => minus(percents.format(share)),
    day: (moment: string | number) => days.format(new Date(moment)),
    moment: (moment: string | number) => moments.format(new Date(moment)),
    clock: (moment: string | number) => clocks.format(new Date(moment)),
    /** In three days, two hours ago. */
    away: (moment: string | number, now = Date.now()) =>
      away(relative, new Date(moment).getTime() - now),
    /** In 40 seconds, in 15 minutes: never less than there is to wait. */
    wait: (seconds: number) =>
      seconds < 60
        ? relative.format(Math.ceil(seconds), "second")
        : relative.format(Math.ceil(seconds / 60), "minute"),
    /** 1.2 s, 3 min */
    seconds: (value: number) =>
      value < 120 ? `${one.format(value)} s` : `${counts.format(Math.round(value / 60))} min`,
  };
}

export type Formats = ReturnType<typeof formats>;

export function useFormat(): Formats {
  const { i18n } = useTranslation();
  const zone = useZone();
  return useMemo(() => formats(i18n.language, zone), [i18n.language, zone]);
}

/** A number with a minus sign instead of a hyphen, and none before a zero. */
export function minus(text: string): string {
  return text.replace(/^-/, "\u2212").replace(/^\u2212(0(?:\.0+)?%?)$/, "$1");
}

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

function away(relative: Intl.RelativeTimeFormat, ms: number): string {
  const seconds = ms / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return relative.format(Math.round(seconds / size), unit);
}
