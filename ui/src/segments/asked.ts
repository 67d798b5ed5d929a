import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, told } from "../api/client";
import { useSpoken } from "../i18n";
import type { Vocabulary } from "./leaves";
import type { Tree } from "./tree";

const PAUSE_MS = 350;

/** What rules may name in this pool. */
export function useVocabulary() {
  return useQuery({
    queryKey: ["segments", "vocabulary"],
    queryFn: () =>
      told(api.GET("/api/segments/vocabulary")) as Promise<unknown> as Promise<Vocabulary>,
    staleTime: 60_000,
  });
}

/** Names of provinces, cities and districts by their codes of two, four and six digits. */
export function useDistricts(wanted: boolean) {
  const lang = useSpoken();
  return useQuery({
    queryKey: ["districts", lang],
    queryFn: () => told(api.GET("/api/districts", { params: { query: { lang } } })),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A value that has not changed for a moment. */
export function useSettled<T>(value: T): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** Of whom a rule is true now, and how long that took in ms; asked anew when the rule changes, and
 * no longer waited for when it has changed again. */
export function usePreview(rule: Tree | undefined) {
  return useQuery({
    queryKey: ["segments", "preview", JSON.stringify(rule)],
    queryFn: async ({ signal }) => {
      const began = performance.now();
      const found = await told(
        api.POST("/api/segments/preview", { body: { rule: rule ?? {} }, signal }),
      );
      return { ...found, took: performance.now() - began };
    },
    enabled: rule !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  });
}
