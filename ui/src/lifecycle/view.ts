import { useQuery } from "@tanstack/react-query";
import { api, told } from "../api/client";
import type { components } from "../api/schema";

export type Found = components["schemas"]["LifecycleShown"];
export type Pace = components["schemas"]["PaceShown"];
export type Kept = components["schemas"]["PaceKept"];
export type Move = components["schemas"]["StageMove"];
export type States = components["schemas"]["Frequency"];

export const NUMBERS = ["new", "sleeping", "lost", "loyal"] as const;
export const BACK = ["30", "90", "180", "365"] as const;
export const WINDOWS = ["30", "90", "180", "365", "730", "0"] as const;
export const STAGES = ["new", "active", "loyal", "returned", "sleeping", "lost"] as const;

/** What stands in the address; numbers of a pace that is tried, and nothing of the one kept. */
export interface View {
  /** Days between the earlier moment and now. */
  back: string;
  /** Days in which orders are counted. */
  window: string;
  /** Where the last three states by frequency begin. */
  ends: string;
  by?: string;
  new?: string;
  sleeping?: string;
  lost?: string;
  loyal?: string;
}

const MOST = 36_500;

/** A whole number from 1 on; undefined where it is none. */
export function whole(text: string | undefined): number | undefined {
  const value = Number(text?.trim() || Number.NaN);
  return Number.isInteger(value) && value >= 1 && value <= MOST ? value : undefined;
}

/** What is asked of the server. */
export function asked(view: View) {
  const by = (["orders", "visits"] as const).find((one) => one === view.by);
  return {
    by,
    ...Object.fromEntries(NUMBERS.map((name) => [name, whole(view[name])])),
    back: BACK.some((one) => one === view.back) ? Number(view.back) : 90,
  };
}

/** Three ascending numbers from 2 on; undefined where they are none. */
export function three(text: string): string | undefined {
  const numbers = text.split(/[,，\s]+/u).map(Number);
  const ascending = numbers.every(
    (one, at) => Number.isInteger(one) && one > (numbers[at - 1] ?? 1),
  );
  return numbers.length === 3 && ascending ? numbers.join(",") : undefined;
}

export function useLifecycle(view: View) {
  const query = asked(view);
  return useQuery({
    queryKey: ["lifecycle", query],
    queryFn: () => told(api.GET("/api/lifecycle", { params: { query } })),
    placeholderData: (before) => before,
  });
}

export function usePast(view: View) {
  const query = asked(view);
  return useQuery({
    queryKey: ["lifecycle", "past", query],
    queryFn: () =>
      told(api.GET("/api/lifecycle/history", { params: { query: { ...query, points: 13 } } })),
    placeholderData: (before) => before,
  });
}

export function useStates(view: View) {
  const days = Number(WINDOWS.find((one) => one === view.window) ?? WINDOWS[3]);
  const query = { days, ends: three(view.ends) };
  return useQuery({
    queryKey: ["lifecycle", "states", query],
    queryFn: () => told(api.GET("/api/lifecycle/frequency", { params: { query } })),
    placeholderData: (before) => before,
  });
}

export function usePace() {
  return useQuery({
    queryKey: ["lifecycle", "pace"],
    queryFn: () => told(api.GET("/api/lifecycle/pace")),
  });
}
