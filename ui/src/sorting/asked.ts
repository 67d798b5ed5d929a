import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";

type Schemas = components["schemas"];
export type Score = Schemas["Score"];
export type Scheme = Schemas["Scheme"];
export type Group = Schemas["Group"];
export type Line = Schemas["LineGiven"];
export type Measure = Schemas["MeasureGiven"];
export type Spread = Schemas["ScoreSpread"];
export type Standing = Schemas["Standing"];
export type Movement = Schemas["Movement"];
export type Rule = Record<string, unknown>;

export interface Kinds {
  scores: [Score, Schemas["ScoreGiven"]];
  tiers: [Scheme, Schemas["SchemeGiven"]];
  groups: [Group, Schemas["GroupGiven"]];
}
export type Kind = keyof Kinds;

const KEY = ["sorting"];

function useSpoken(): "zh" | "en" {
  return useTranslation().i18n.language === "en" ? "en" : "zh";
}

/** Everything of a kind that has a name. */
export function useKept<K extends Kind>(kind: K) {
  const lang = useSpoken();
  return useQuery({
    queryKey: [...KEY, kind, lang],
    queryFn: () =>
      told(
        api.GET(`/api/${kind}` as "/api/scores", { params: { query: { lang } } }),
      ) as Promise<unknown> as Promise<{ items: Kinds[K][0][] }>,
  });
}

/** Keep one, a new one where `id` is empty; what shows them is asked anew. */
export function useSave<K extends Kind>(kind: K) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, said }: { id: string; said: Kinds[K][1] }) => {
      const body = said as Kinds["scores"][1];
      const asked =
        id === ""
          ? told(api.POST(`/api/${kind}` as "/api/scores", { body }))
          : told(
              api.PUT(`/api/${kind}/{id}` as "/api/scores/{id}", {
                params: { path: { id } },
                body,
              }),
            );
      return asked as Promise<unknown> as Promise<Kinds[K][0]>;
    },
    onSuccess: () => anew(client),
  });
}

export function useDelete(kind: Kind) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      told(api.DELETE(`/api/${kind}/{id}` as "/api/scores/{id}", { params: { path: { id } } })),
    onSuccess: () => anew(client),
  });
}

/** Read quantiles off the pool as it is now. */
export function useRefresh() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      told(api.POST("/api/tiers/{id}/refresh", { params: { path: { id } } })),
    onSuccess: () => anew(client),
  });
}

function anew(client: ReturnType<typeof useQueryClient>) {
  return Promise.all([KEY, ["segments"]].map((queryKey) => client.invalidateQueries({ queryKey })));
}

export function useSpread(score: Score) {
  const lang = useSpoken();
  return useQuery({
    queryKey: [...KEY, "spread", score.id, score.version, lang],
    queryFn: () =>
      told(
        api.GET("/api/scores/{id}/distribution", {
          params: { path: { id: score.id }, query: { lang } },
        }),
      ),
  });
}

export function useStanding(scheme: Scheme) {
  return useQuery({
    queryKey: [...KEY, "standing", scheme.id, scheme.version],
    queryFn: () =>
      told(api.GET("/api/tiers/{id}/standing", { params: { path: { id: scheme.id } } })),
  });
}

export function useMovement(scheme: Scheme, days: number) {
  return useQuery({
    queryKey: [...KEY, "movement", scheme.id, scheme.version, days],
    queryFn: () => {
      const from = new Date(Date.now() - days * 86_400_000).toISOString();
      const params = { path: { id: scheme.id }, query: { from } };
      return told(api.GET("/api/tiers/{id}/movement", { params }));
    },
    retry: false,
  });
}

export function useClaims() {
  return useQuery({
    queryKey: [...KEY, "groups", "claims"],
    queryFn: () => told(api.GET("/api/groups/claims")),
  });
}

/** Scores, tiers and groups of one profile. */
export function useSorted(key: string) {
  const lang = useSpoken();
  const params = { path: { key }, query: { lang } };
  return useQuery({
    queryKey: [...KEY, "profile", key, lang],
    queryFn: async () => {
      const [scores, tiers, groups] = await Promise.all([
        told(api.GET("/api/profiles/{key}/scores", { params })),
        told(api.GET("/api/profiles/{key}/tiers", { params })),
        told(api.GET("/api/profiles/{key}/groups", { params })),
      ]);
      return { scores: scores.items, tiers: tiers.items, groups };
    },
  });
}
