import { useQuery } from "@tanstack/react-query";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import type { View } from "./page";

export type Found = components["schemas"]["RfmShown"];
export type Part = components["schemas"]["hotspring__web__api__rfm__Part"];
export type Class = components["schemas"]["ClassPart"];

export const CLASSES = [
  "important_value",
  "important_develop",
  "important_keep",
  "important_win_back",
  "general_value",
  "general_develop",
  "general_keep",
  "general_win_back",
] as const;
export const GRADES = [5, 4, 3, 2, 1] as const;
const DAY_MS = 86_400_000;
const HALF = 50;

/** A number as a person writes it; undefined where it is none. */
export function number(text: string): number | undefined {
  const value = Number(text.trim());
  return text.trim() === "" || !Number.isFinite(value) ? undefined : value;
}

/** Four ascending numbers from the least on; undefined where they are none. */
export function four(text: string, least: number): string | undefined {
  const numbers = text.split(/[,，\s]+/u).map(Number);
  const ascending = numbers.every(
    (one, at) => Number.isInteger(one) && one > (numbers[at - 1] ?? least - 1),
  );
  return text.trim() && numbers.length === 4 && ascending ? numbers.join(",") : undefined;
}

/** What counts as an order, and when. */
export function counted(view: View) {
  return {
    orders: view.event || undefined,
    days: Number(view.window),
    at: view.at || undefined,
  };
}

/** What is asked of the server; nothing while a threshold by hand is missing. */
export function query(view: View, day: (moment: number) => string) {
  const hand = {
    high_days: number(view.days),
    high_orders: number(view.orders),
    high_amount: number(view.amount),
  };
  if (view.by === "hand" && Object.values(hand).includes(undefined)) return undefined;
  const low = Math.min(Math.max(number(view.low) ?? HALF, 1), 99);
  const until = view.at ? Date.parse(view.at) : Date.now();
  return {
    ...counted(view),
    by: view.by,
    ...(view.by === "quantile" ? { share: low / 100 } : {}),
    ...(view.by === "hand" ? hand : {}),
    recency: four(view.recency, 0),
    frequency: four(view.frequency, 1),
    ...(view.back ? { since: day(until - Number(view.back) * DAY_MS) } : {}),
  };
}

export type Query = NonNullable<ReturnType<typeof query>>;

export function useRfm(asked: Query | undefined) {
  return useQuery({
    queryKey: ["rfm", asked],
    queryFn: () => told(api.GET("/api/rfm", { params: { query: asked } })),
    enabled: asked !== undefined,
    placeholderData: (before) => before,
  });
}

export function useConcentration(view: View) {
  const asked = counted(view);
  return useQuery({
    queryKey: ["rfm", "concentration", asked],
    queryFn: () => told(api.GET("/api/concentration", { params: { query: asked } })),
    placeholderData: (before) => before,
  });
}

/** The words of an address for what is asked. */
export function address(asked: Query): string {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}
