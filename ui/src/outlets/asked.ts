import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { api, ask, told } from "../api/client";
import type { components } from "../api/schema";
import { useUndo } from "../shell/undo";
import type { View } from "./page";

export type Outlet = components["schemas"]["Outlet"];
export type Analysis = components["schemas"]["Analysis"];
export type Row = components["schemas"]["ServedArea"];
export type Outcome = components["schemas"]["AddedOutlets"];
export const DATUMS = ["gcj02", "bd09", "wgs84"] as const;
export type Datum = (typeof DATUMS)[number];

/** What is known of an outlet, as in a file. */
export const FIELDS = ["name", "lon", "lat", "kind", "capacity", "radius", "own_id"] as const;
export const NEEDED: ReadonlySet<string> = new Set(["name", "lon", "lat"]);

/** What a person writes of an outlet. */
export interface Written {
  name: string;
  own_id: string;
  lon: number;
  lat: number;
  kind: string;
  capacity: number;
  radius: number;
}

export function useOutlets() {
  return useQuery({
    queryKey: ["outlets", "all"],
    queryFn: () => told(api.GET("/api/outlets")),
  });
}

export function useAnalysis(level: View["level"], lang: "zh" | "en") {
  const query = { level, lang } as const;
  return useQuery({
    queryKey: ["outlets", "analysis", query],
    // Asked for without a format, the answer is never a file.
    queryFn: () =>
      told(api.GET("/api/outlets/analysis", { params: { query } }) as Promise<{ data?: Analysis }>),
  });
}

/** A list as it is to be read. */
export interface List {
  file: File;
  datum: Datum;
  /** Headings that were chosen by hand, by field; an empty one leaves the field out. */
  map: Record<string, string>;
}

/** Sends a list; with `tried` nothing is added, and it is told what would be. */
export async function send({ file, datum, map }: List, lang: string, tried: boolean) {
  const query = new URLSearchParams({
    datum,
    lang,
    name: file.name.slice(-200),
    dry_run: String(tried),
  });
  for (const pair of Object.entries(map)) query.append("map", pair.join("="));
  const answer = await ask(`${location.origin}/api/outlets/import?${query}`, {
    method: "POST",
    body: file,
    headers: { "Content-Type": "application/octet-stream" },
  });
  return (await answer.json()) as Outcome;
}

/** What may be done to outlets; afterwards everything that shows them is asked for again. */
export function useOutletEdits() {
  const { t } = useTranslation();
  const undo = useUndo();
  const client = useQueryClient();
  const again = useCallback(() => client.invalidateQueries({ queryKey: ["outlets"] }), [client]);
  const restore = useCallback(
    async (ids: string[]) => {
      await told(api.POST("/api/outlets/restore", { body: { ids } }));
      await again();
    },
    [again],
  );
  const remove = useMutation({
    mutationFn: (ids: string[]) => told(api.POST("/api/outlets/delete", { body: { ids } })),
    onSuccess: async ({ changed }, ids) => {
      await again();
      undo(t("outlets.deleted", { count: changed }), () => restore(ids));
    },
  });
  const save = useMutation({
    mutationFn: async ({
      id,
      given,
      datum,
    }: {
      id?: string;
      given: Partial<Written>;
      datum: Datum;
    }) => {
      const query = { datum };
      if (id) {
        const params = { path: { id }, query };
        return told(api.PATCH("/api/outlets/{id}", { params, body: given }));
      }
      const outlets = [given as Written];
      const found = await told(api.POST("/api/outlets", { params: { query }, body: { outlets } }));
      return found.added[0] ?? found.refused[0];
    },
    onSuccess: again,
  });
  return { again, remove, save };
}
