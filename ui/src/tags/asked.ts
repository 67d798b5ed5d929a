import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useSpoken } from "../i18n";
import { useAmong } from "../named/among";
import { anew } from "../named/asked";

export type Tag = components["schemas"]["Tag"];
export type Marking = components["schemas"]["Marking"];

const KEPT = ["tags"];

/** Every tag, with the counts that were asked for lately. */
export function useTags(wanted = true) {
  const lang = useSpoken();
  return useQuery({
    queryKey: [...KEPT, "all", lang],
    queryFn: () => told(api.GET("/api/tags", { params: { query: { lang } } })),
    enabled: wanted,
  });
}

/** A tag, counted. */
export function useTag(id: string) {
  const lang = useSpoken();
  return useQuery({
    queryKey: [...KEPT, "one", id, lang],
    queryFn: () => told(api.GET("/api/tags/{id}", { params: { path: { id }, query: { lang } } })),
    enabled: id !== "",
  });
}

/** Has tags counted, one after the other; the list then tells of it. */
export function useCount() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ids: string[]) => {
      for (const id of ids) await told(api.GET("/api/tags/{id}", { params: { path: { id } } }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: [...KEPT, "all"] }),
  });
}

/** Put a tag on profiles, or take it off; gives what takes that back. */
export function useMark() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: Marking }) =>
      told(api.POST("/api/tags/{id}/profiles", { params: { path: { id } }, body })),
    onSuccess: () => anew(client),
  });
}

/** Takes a change of tags by hand back. */
export function useTakeBack() {
  const client = useQueryClient();
  return async (entry: number) => {
    await told(api.POST("/api/tags/undo", { body: { entry } }));
    await anew(client);
  };
}

/** Who has a tag, page by page; asked anew when it was counted anew. */
export function useMembers({ id, version, as_of }: Tag, value: string | undefined) {
  return useAmong(value ? `tag:${id}:${value}` : `tag:${id}`, [version, as_of]);
}

/** The tags of a profile. */
export function useTagsOf(key: string) {
  return useQuery({
    queryKey: [...KEPT, "of", key],
    queryFn: () => told(api.GET("/api/profiles/{key}/tags", { params: { path: { key } } })),
  });
}
