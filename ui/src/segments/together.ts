import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, told } from "../api/client";
import type { components } from "../api/schema";

export type Overlap = components["schemas"]["Overlap"];
export type Comparison = components["schemas"]["hotspring__web__api__segments__Comparison"];

/** So many segments are laid over each other at most. */
export const MOST = 5;

/** How many are in exactly these of some segments, for every choice of them. */
export function useOverlap(ids: string[]) {
  return useQuery({
    queryKey: ["segments", "overlap", ids],
    queryFn: () => told(api.POST("/api/segments/overlap", { body: { ids } })),
    enabled: ids.length >= 2,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  });
}

/** What makes the members of a segment different from all others. */
export function useComparison(id: string) {
  return useQuery({
    queryKey: ["segments", "compare", id],
    queryFn: () => told(api.GET("/api/segments/{id}/compare", { params: { path: { id } } })),
    staleTime: 60_000,
  });
}

/** An UpSet chart in numbers: a column for each part, a dot where it is in a set. */
export interface Grid {
  /** From bottom to top, as axes are drawn; the largest set on top. */
  sets: { id: string; name: string; count: number }[];
  parts: { count: number; within: number[] }[];
}

/** The sets by size and the parts by size; where a part is in sets, by their rows. */
export function gridOf({ sets, parts }: Overlap): Grid {
  const rows = [...sets].sort((one, other) => one.count - other.count);
  const place = new Map(rows.map(({ id }, at) => [id, at]));
  return {
    sets: rows,
    parts: [...parts]
      .sort((one, other) => other.count - one.count)
      .map(({ ids, count }) => ({
        count,
        within: ids.flatMap((id) => place.get(id) ?? []).sort((one, other) => one - other),
      })),
  };
}

/** How strong an effect is, in words: by Cohen's thresholds for h, by Romano's for delta. */
export function strength(effect: number, of: "h" | "delta"): "none" | "small" | "medium" | "large" {
  const [small, medium, large] = of === "h" ? [0.2, 0.5, 0.8] : [0.147, 0.33, 0.474];
  const size = Math.abs(effect);
  if (size < (small ?? 0)) return "none";
  return size < (medium ?? 0) ? "small" : size < (large ?? 0) ? "medium" : "large";
}
