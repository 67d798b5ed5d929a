import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { lookAgain } from "../shell/Job";

type Schemas = components["schemas"];
export type Page = Schemas["PotentialPage"];
export type Person = Page["items"][number];
export type Run = Schemas["PotentialRun"];

const KEY = ["potential"];

function useSpoken(): "zh" | "en" {
  return useTranslation().i18n.language === "en" ? "en" : "zh";
}

/** Who never did it, the likeliest first; page by page. */
export function useRanked(goal: string, score: string) {
  const lang = useSpoken();
  return useInfiniteQuery({
    queryKey: [...KEY, goal, score, lang],
    queryFn: ({ pageParam }) =>
      told(
        api.GET("/api/potential", {
          params: { query: { goal, score, lang, limit: 20, cursor: pageParam || undefined } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page: Page) => page.next ?? undefined,
    enabled: goal !== "" && score !== "",
  });
}

/** The latest run of all, where it is not over or has failed: a restart ends runs too. */
export function useLatest() {
  return useQuery({
    queryKey: [...KEY, "latest"],
    queryFn: () => told(api.GET("/api/potential/runs")),
    select: ({ items }) => {
      const [run] = items;
      return run && !["done", "cancelled"].includes(run.state) ? run : undefined;
    },
  });
}

/** The run that was begun last, followed until it is over. */
export function useRun(id: string | undefined, over: (run: Run) => void) {
  const client = useQueryClient();
  return useQuery({
    queryKey: [...KEY, "run", id],
    queryFn: async () => {
      const run = await told(
        api.GET("/api/potential/runs/{run_id}", { params: { path: { run_id: id ?? "" } } }),
      );
      if (run.state === "done") {
        await client.invalidateQueries({ queryKey: ["segments"] });
        over(run);
      }
      return run;
    },
    enabled: id !== undefined,
    refetchInterval: ({ state }) => lookAgain(state.data),
  });
}

export function useLearn() {
  const lang = useSpoken();
  return useMutation({
    mutationFn: (body: { goal: string; horizon_days: number }) =>
      told(api.POST("/api/potential/runs", { body, params: { query: { lang } } })),
  });
}

export function useStop() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      told(api.POST("/api/potential/runs/{run_id}/cancel", { params: { path: { run_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: [...KEY, "run"] }),
  });
}
