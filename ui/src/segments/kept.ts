import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { usePages } from "../shell/paging";
import type { Tree } from "./tree";

export type Segment = components["schemas"]["Segment"];

/** What people say of a segment; a list has no rule. */
export type Said = {
  name: string;
  description: string;
  rule?: Tree | null;
};

const KEPT = ["segments", "kept"];
const COUNTING_MS = 2_000;
const EVERY_MS = 15_000;
const PAGE = 100;

/** The language in which sentences are asked for. */
function useSpoken(): "zh" | "en" {
  const { i18n } = useTranslation();
  return i18n.language === "en" ? "en" : "zh";
}

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
  return usePages([...KEPT, "members", id, version, count], (cursor) =>
    told(
      api.GET("/api/segments/{id}/members", {
        params: { path: { id }, query: { limit: PAGE, cursor } },
      }),
    ),
  );
}

/** Keep a segment, a new one where `id` is empty; what shows segments is asked anew. */
export function useSave() {
  const client = useQueryClient();
  const lang = useSpoken();
  return useMutation({
    mutationFn: ({ id, said }: { id: string; said: Said }) => {
      const query = { lang };
      if (id === "") return told(api.POST("/api/segments", { params: { query }, body: said }));
      const params = { path: { id }, query };
      return told(api.PUT("/api/segments/{id}", { params, body: said }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["segments"] }),
  });
}

export function useDelete() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      told(api.DELETE("/api/segments/{id}", { params: { path: { id } } })),
    onSuccess: async (_, id) => {
      client.removeQueries({ predicate: ({ queryKey }) => queryKey.includes(id) });
      await client.invalidateQueries({ queryKey: ["segments"] });
    },
  });
}
