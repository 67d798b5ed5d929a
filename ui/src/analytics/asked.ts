import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ask, told } from "../api/client";
import { Problem } from "../api/problem";
import type { components } from "../api/schema";
import { useSpoken } from "../i18n";
import { LOOK_MS, lookAgain } from "../shell/Job";
import { usePages } from "../shell/paging";
import type { Body } from "./parameters";
import type { Words } from "./words";

type Schemas = components["schemas"];
type Listed = Schemas["AnalysisItem"];
export type Item = Pick<Listed, "name" | "parameters" | "example" | "drills"> & { words: Words };
type Run = Schemas["AnalysisRun"];
export type Answer = Schemas["AnalysisAnswer"];
export type Table = Schemas["AnalysisTable"];
export type Column = Schemas["AnalysisColumn"];
export type Drawing = Schemas["AnalysisChart"];
/** One number of an answer: `table`, `column`, and the values of the row's key columns. */
export type Cell = Record<string, unknown>;

const KEY = "analytics";
const WAIT_SECONDS = 2;
const FRESH_MS = 60_000;

/** Every analysis there is, and by what events can be told apart. */
export function useAnalyses() {
  return useQuery({
    queryKey: [KEY],
    queryFn: async () => {
      const { items, dimensions } = await told(api.GET("/api/analytics"));
      return { items: items as unknown as Item[], dimensions };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

async function analyse(
  name: string,
  body: Body,
  signal: AbortSignal,
  age = 0,
): Promise<Answer | Run> {
  const params = { path: { name }, query: { wait: WAIT_SECONDS, age } };
  const answer = await told(api.POST("/api/analytics/{name}", { params, body, signal }));
  // Only a question for CSV is answered with a text.
  return answer as Answer | Run;
}

/** The answer to a question, however long it takes; one `age` seconds old will do. */
export async function answered(
  name: string,
  body: Body,
  age: number,
  signal: AbortSignal,
): Promise<Answer> {
  const first = await analyse(name, body, signal, age);
  if ("tables" in first) return first as Answer;
  let run = first as Run;
  while (!run.answer) {
    if (lookAgain(run) === false) throw new Problem(422, run.error);
    await new Promise((go) => setTimeout(go, LOOK_MS));
    const params = { path: { run_id: run.id } };
    run = await told(api.GET("/api/analytics/runs/{run_id}", { params, signal }));
  }
  return run.answer;
}

/** The answer to a question, or how far the run is that works on it; nothing while none is asked. */
export function useAnswer(name: string, asked: Body | undefined) {
  const client = useQueryClient();
  const begun = useQuery({
    queryKey: [KEY, name, asked],
    queryFn: ({ signal }) => analyse(name, asked ?? {}, signal),
    enabled: asked !== undefined,
    staleTime: FRESH_MS,
    retry: false,
  });
  const first = begun.data;
  const started = first && !("tables" in first) ? (first as Run) : undefined;
  const path = { run_id: started?.id ?? "" };
  const followed = useQuery({
    queryKey: [KEY, "runs", path.run_id],
    queryFn: () => told(api.GET("/api/analytics/runs/{run_id}", { params: { path } })),
    enabled: started !== undefined,
    refetchInterval: ({ state }) => lookAgain(state.data ?? started),
  });
  const run = started && (followed.data ?? started);
  return {
    data: first && "tables" in first ? (first as Answer) : (run?.answer ?? undefined),
    run,
    error: begun.error ?? followed.error,
    busy: begun.isFetching,
    refetch: () => begun.refetch(),
    stop: async () => {
      await told(api.POST("/api/analytics/runs/{run_id}/cancel", { params: { path } }));
      await client.invalidateQueries({ queryKey: [KEY, "runs", path.run_id] });
    },
  };
}

/** A table of an answer as a file, written by the server. */
export async function tableFile(name: string, asked: Body, table: string): Promise<Blob> {
  const answer = await ask(
    `${location.origin}/api/analytics/${name}?${new URLSearchParams({ table, wait: "30" })}`,
    {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/csv" },
      body: JSON.stringify(asked),
    },
  );
  return answer.blob();
}

/** Who is behind a number, the hottest first. */
export function useBehind(name: string, parameters: Body, cell: Cell) {
  return usePages([KEY, name, "profiles", parameters, cell], (cursor) =>
    told(
      api.POST("/api/analytics/{name}/profiles", {
        params: { path: { name }, query: { cursor } },
        body: { parameters, cell },
      }),
    ),
  );
}

/** Keeps those behind a number as a segment. */
export function useKeep(name: string) {
  const lang = useSpoken();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["BehindKept"]) =>
      told(
        api.POST("/api/analytics/{name}/segment", {
          params: { path: { name }, query: { lang } },
          body,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["segments"] }),
  });
}
