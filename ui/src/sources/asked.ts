import { useQuery } from "@tanstack/react-query";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useMay } from "../shell/session";

export type Activity = components["schemas"]["SourceHealth"];
export type Keyed = components["schemas"]["Source"];

export const SOURCES = ["sources"];
export const ACTIVITY = [...SOURCES, "activity"];
const EVERY_MS = 5_000;

/** How every source does, read again every few seconds. */
export function useActivity() {
  return useQuery({
    queryKey: ACTIVITY,
    queryFn: () => told(api.GET("/api/sources/activity")),
    refetchInterval: EVERY_MS,
  });
}

/** What is known of the keys, for those who may know. */
export function useKeys() {
  return useQuery({
    queryKey: [...SOURCES, "keys"],
    queryFn: () => told(api.GET("/api/sources")),
    enabled: useMay("admin"),
  });
}

/** Where the key of a new source waits to be copied: in the memory of this window, no longer. */
export function keyOf(name: string) {
  return [...SOURCES, "key", name];
}
