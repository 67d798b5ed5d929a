import { useQuery } from "@tanstack/react-query";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useSpoken } from "../i18n";
import { useAmong } from "../named/among";

export type Segment = components["schemas"]["Segment"];

const KEPT = ["segments", "kept"];
const COUNTING_MS = 2_000;
const EVERY_MS = 15_000;
export const DAYS = 30;
const SIZES_MS = 60_000;

/** Sizes that are still counted are looked for sooner. */
function pause(all: Segment[] | undefined): number {
  return all?.some((one) => one.state === "counting") ? COUNTING_MS : EVERY_MS;
}

export function useSegments() {
  const lang = useSpoken();
  return useQuery({
    queryKey: [...KEPT, lang],
    queryFn: () => told(api.GET("/api/segments", { params: { query: { lang } } })),
    refetchInterval: ({ state }) => pause(state.data?.items),
  });
}

/** How the size of each segment went in the last days, by its id. */
export function useSizes() {
  return useQuery({
    queryKey: ["segments", "sizes"],
    queryFn: () => told(api.GET("/api/segments/sizes", { params: { query: { days: DAYS } } })),
    select: ({ items }) => new Map(items.map(({ id, counts }) => [id, counts])),
    refetchInterval: SIZES_MS,
  });
}

export function useSegment(id: string) {
  const lang = useSpoken();
  return useQuery({
    queryKey: [...KEPT, lang, id],
    queryFn: () =>
      told(api.GET("/api/segments/{id}", { params: { path: { id }, query: { lang } } })),
    enabled: id !== "",
    refetchInterval: ({ state }) => pause(state.data && [state.data]),
  });
}

/** Who is in a segment, page by page; asked anew when it was saved again or counted anew. */
export function useMembers({ id, version, count }: Segment) {
  return useAmong(`segment:${id}`, [version, count]);
}
