import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { type Answer, answered } from "../analytics/asked";
import type { Body } from "../analytics/parameters";
import { KEY } from "./asked";

const MINUTE_MS = 60_000;
/** An answer of the server that is so old will do for a card that is first shown. */
const OLD_SECONDS = 600;

let last: Promise<unknown> = Promise.resolve();

/** Does one thing after the other: a dashboard does not ask for everything at once. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work, work);
  last = mine.catch(() => undefined);
  return mine;
}

function useInTurn<T>(
  queryKey: QueryKey,
  ask: (age: number, signal: AbortSignal) => Promise<T>,
  wanted: boolean,
  minutes: number,
) {
  const client = useQueryClient();
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      const age = client.getQueryData(queryKey) === undefined ? OLD_SECONDS : 0;
      return inTurn(() => {
        signal.throwIfAborted();
        return ask(age, signal);
      });
    },
    enabled: wanted,
    staleTime: OLD_SECONDS * 1_000,
    refetchInterval: minutes > 0 ? minutes * MINUTE_MS : false,
    refetchOnWindowFocus: false,
    retry: false,
  });
}

/** The answer that a card shows, asked for again every so many minutes; 0 is never. */
export function useShownAnswer(analysis: string, asked: Body | undefined, minutes: number) {
  return useInTurn(
    [KEY, "answer", analysis, asked],
    (age, signal) => answered(analysis, asked ?? {}, age, signal),
    asked !== undefined,
    minutes,
  );
}

/** The answers to several questions, one after the other. What days long past came to changes
 * little: an answer of some minutes ago will always do. */
export function useShownAnswers(analysis: string, asked: Body[], minutes: number) {
  return useInTurn(
    [KEY, "answer", analysis, asked],
    async (_, signal) => {
      const found: Answer[] = [];
      for (const one of asked) found.push(await answered(analysis, one, OLD_SECONDS, signal));
      return found;
    },
    true,
    minutes,
  );
}

/** Asks anew for everything that is shown. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(
    () => client.refetchQueries({ queryKey: [KEY, "answer"], type: "active" }),
    [client],
  );
}
