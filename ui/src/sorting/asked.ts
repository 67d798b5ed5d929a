import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useSpoken } from "../i18n";
import { useAmong } from "../named/among";
import { anew, type Kinds } from "../named/asked";
import { usePages } from "../shell/paging";

type Schemas = components["schemas"];
export type Score = Schemas["Score"];
export type Scheme = Schemas["Scheme"];
export type Group = Schemas["Group"];
export type Line = Schemas["LineGiven"];
export type Measure = Schemas["MeasureGiven"];
export type Spread = Schemas["ScoreSpread"];
export type Standing = Schemas["Standing"];
export type Movement = Schemas["Movement"];

export type Kind = "scores" | "tiers" | "groups";

const KEY = ["sorting"];
const PAGE = 100;

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

/** Read quantiles off the pool as it is now. */
export function useRefresh() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      told(api.POST("/api/tiers/{id}/refresh", { params: { path: { id } } })),
    onSuccess: () => anew(client),
  });
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

/** Who is in a tier, page by page. */
export function useTierMembers({ id, version }: Scheme, tier: string) {
  return useAmong(`tier:${id}:${tier}`, [version]);
}

/** Who is in a group, or whom it claims, page by page. */
export function useGroupMembers({ id, version }: Group, claimed: boolean) {
  return usePages([...KEY, "group", id, version, claimed], (cursor) => {
    const params = { path: { id }, query: { claimed, limit: PAGE, cursor } };
    return told(api.GET("/api/groups/{id}/members", { params }));
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
