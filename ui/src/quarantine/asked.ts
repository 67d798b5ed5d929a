import { useInfiniteQuery } from "@tanstack/react-query";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useView } from "../shell/page";
import page from "./page";

export type Entry = components["schemas"]["Quarantined"];
export type Replayed = components["schemas"]["Replayed"];

export const QUARANTINE = ["quarantine"];

/** Which entries the view means, without what is not said. */
export function useChosen(): { source?: string; reason?: string; event?: string } {
  const [{ source, reason, event }] = useView(page);
  return {
    ...(source && { source }),
    ...(reason && { reason }),
    ...(event && { event }),
  };
}

/** The entries of the view, the newest first, page by page. */
export function useEntries() {
  const [{ status }] = useView(page);
  const chosen = useChosen();
  return useInfiniteQuery({
    queryKey: [...QUARANTINE, status, chosen],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      told(
        api.GET("/api/quarantine", {
          params: { query: { ...chosen, status, limit: 50, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (last) => last.next ?? undefined,
  });
}
