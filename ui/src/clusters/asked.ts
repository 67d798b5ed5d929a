import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { isChanged } from "../named/asked";
import { lookAgain } from "../shell/Job";

type Schemas = components["schemas"];
export type Clustering = Schemas["Clustering"];
export type Found = NonNullable<Clustering["found"]>;
export type Group = Found["groups"][number];
type Given = Schemas["ClusteringGiven"];

const KEY = ["clusters"];

function useSpoken(): "zh" | "en" {
  return useTranslation().i18n.language === "en" ? "en" : "zh";
}

/** Every clustering; looked at again while one is under way. */
export function useClusters() {
  const lang = useSpoken();
  return useQuery({
    queryKey: [...KEY, lang],
    queryFn: () => told(api.GET("/api/clusters", { params: { query: { lang } } })),
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => lookAgain(one) !== false) ? lookAgain(undefined) : false,
  });
}

/** What changes one; all that shows them is asked anew. */
export function useChanges() {
  const client = useQueryClient();
  const lang = useSpoken();
  const onSuccess = () =>
    Promise.all(
      [KEY, ["segments"], ["tags"]].map((queryKey) => client.invalidateQueries({ queryKey })),
    );
  const at = (id: string) => ({ params: { path: { id }, query: { lang } } });
  return {
    save: useMutation({
      mutationFn: ({ id, body, version }: { id: string; body: Given; version?: number }) =>
        id === ""
          ? told(api.POST("/api/clusters", { body, params: { query: { lang } } }))
          : told(api.PUT("/api/clusters/{id}", { body: { ...body, version }, ...at(id) })),
      onSuccess,
      // What somebody else made of it is shown before it may be saved over.
      onError: (error) => isChanged(error) && onSuccess(),
    }),
    refresh: useMutation({
      mutationFn: (id: string) => told(api.POST("/api/clusters/{id}/refresh", at(id))),
      onSuccess,
    }),
    cancel: useMutation({
      mutationFn: (id: string) => told(api.POST("/api/clusters/{id}/cancel", at(id))),
      onSuccess,
    }),
    tag: useMutation({
      mutationFn: (id: string) =>
        told(api.POST("/api/clusters/{id}/tag", { body: { name: "" }, ...at(id) })),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) =>
        told(api.DELETE("/api/clusters/{id}", { params: { path: { id } } })),
      onSuccess,
    }),
  };
}
