import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, ask, told } from "../api/client";
import type { components } from "../api/schema";
import { usePages } from "../shell/paging";

export type Cost = components["schemas"]["Cost"];
export type CostList = components["schemas"]["CostList"];
export type Outcome = components["schemas"]["AddedCosts"];
export type Given = components["schemas"]["CostGiven"];

export const WORDS = ["channel", "utm_source", "utm_medium", "utm_campaign"] as const;
export const FIELDS = ["from", "until", ...WORDS, "amount", "currency"] as const;
export const NEEDED: ReadonlySet<string> = new Set(["from", "amount"]);
const KEY = "costs";

export function useCosts() {
  return usePages<Cost>([KEY, "rows"], (cursor) =>
    told(api.GET("/api/costs", { params: { query: { cursor } } })),
  );
}

export function useLists() {
  return useQuery({ queryKey: [KEY, "lists"], queryFn: () => told(api.GET("/api/costs/lists")) });
}

/** A list as it is to be read: headings that were chosen by hand, by field. */
export interface List {
  file: File;
  map: Record<string, string>;
}

/** Sends a list; with `tried` nothing is added, and it is told what would be. */
export async function send({ file, map }: List, tried: boolean) {
  const query = new URLSearchParams({ name: file.name.slice(-200), dry_run: String(tried) });
  for (const pair of Object.entries(map)) query.append("map", pair.join("="));
  const answer = await ask(`${location.origin}/api/costs/import?${query}`, {
    method: "POST",
    body: file,
    headers: { "Content-Type": "application/octet-stream" },
  });
  return (await answer.json()) as Outcome;
}

/** What may be done to costs; afterwards all that shows them is asked for again. */
export function useEdits() {
  const client = useQueryClient();
  const again = useCallback(async () => {
    await client.invalidateQueries({ queryKey: [KEY] });
    await client.invalidateQueries({ queryKey: ["analytics"] });
  }, [client]);
  const add = useMutation({
    mutationFn: (cost: Given) => told(api.POST("/api/costs", { body: { costs: [cost] } })),
    onSuccess: again,
  });
  const upload = useMutation({ mutationFn: (list: List) => send(list, false), onSuccess: again });
  const one = (id: string) => ({ params: { path: { id } } });
  const remove = useMutation({
    mutationFn: (id: string) => told(api.DELETE("/api/costs/{id}", one(id))),
    onSuccess: again,
  });
  const restore = async (id: string) => {
    await told(api.POST("/api/costs/{id}/restore", one(id)));
    await again();
  };
  const undo = useMutation({
    mutationFn: (id: string) => told(api.DELETE("/api/costs/lists/{id}", one(id))),
    onSuccess: again,
  });
  const redo = useMutation({
    mutationFn: (id: string) => told(api.POST("/api/costs/lists/{id}/restore", one(id))),
    onSuccess: again,
  });
  return { add, upload, remove, restore, undo, redo };
}
