import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, told } from "../api/client";
import type { components } from "../api/schema";

export type Line = components["schemas"]["TraitLine"];
export type Trait = components["schemas"]["Trait"];

const KEPT = ["traits"];
const one = (name: string) => told(api.GET("/api/traits/{name}", { params: { path: { name } } }));

/** Every trait, with the counts that were asked for lately. */
export function useTraits() {
  return useQuery({ queryKey: [...KEPT, "all"], queryFn: () => told(api.GET("/api/traits")) });
}

/** A trait, counted. */
export function useTrait(name: string) {
  return useQuery({ queryKey: [...KEPT, "one", name], queryFn: () => one(name) });
}

/** Has traits counted, one after the other; the list then tells of it. */
export function useCount() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (names: string[]) => {
      for (const name of names) await one(name);
    },
    onSettled: () => client.invalidateQueries({ queryKey: [...KEPT, "all"] }),
  });
}
