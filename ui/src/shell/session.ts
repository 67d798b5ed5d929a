import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, session as secrets, told } from "../api/client";
import { Problem } from "../api/problem";
import type { components } from "../api/schema";
import { type Role, reaches } from "./page";

/** Who is signed in here. */
export type Session = components["schemas"]["SignedIn"];

export const SESSION = ["session"];

async function current(): Promise<Session | null> {
  try {
    const found = await told(api.GET("/api/session"));
    secrets.csrf = found.csrf;
    return found;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/** Who is signed in; `null` for nobody, `undefined` while that is not known. */
export function useSession() {
  return useQuery({ queryKey: SESSION, queryFn: current, staleTime: 60_000 });
}

/** May the person who is signed in do what `least` may? */
export function useMay(least: Role): boolean {
  const { data } = useSession();
  return !!data && reaches(data.role, least);
}

/** Note who has signed in, or with `null` that nobody is any more. */
export function useSigned(): (found: Session | null) => void {
  const client = useQueryClient();
  return useCallback(
    (found) => {
      secrets.csrf = found?.csrf ?? "";
      // What one person was shown is not for the next.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] });
      client.setQueryData(SESSION, found);
    },
    [client],
  );
}

/** Note that the same person has another session now, as after a new password. */
export function useRenewed(): (found: Session) => void {
  const client = useQueryClient();
  return useCallback(
    (found) => {
      secrets.csrf = found.csrf;
      client.setQueryData(SESSION, found);
    },
    [client],
  );
}
