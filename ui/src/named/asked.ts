import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, told } from "../api/client";
import { Problem } from "../api/problem";
import type { components } from "../api/schema";

type Schemas = components["schemas"];

type Rule = Record<string, unknown>;

/** What has a name, and what people say of it. */
export interface Kinds {
  segments: [Schemas["Segment"], { name: string; description: string; rule?: Rule | null }];
  tags: [Schemas["Tag"], Schemas["TagSaid"]];
  scores: [Schemas["Score"], Schemas["ScoreGiven"]];
  tiers: [Schemas["Scheme"], Schemas["SchemeGiven"]];
  groups: [Schemas["Group"], Schemas["GroupGiven"]];
  reports: [Schemas["SavedReport"], Schemas["ReportGiven"] & { version?: number }];
  links: [Schemas["ShortLink"], Schemas["LinkGiven"]];
  dashboards: [Schemas["Dashboard"], Schemas["DashboardGiven"] & { version?: number }];
}
export type Kind = keyof Kinds;

/** What all of them have. */
export interface Named {
  id: string;
  name: string;
  description: string;
  version: number;
  used_by: Schemas["User"][];
}

// The paths of all kinds are alike, and so are their answers up to what is said of the kind.
const all = (kind: Kind) => `/api/${kind}` as "/api/scores";
const one = (kind: Kind) => `/api/${kind}/{id}` as "/api/scores/{id}";

/** Was something refused because somebody else changed it meanwhile? */
export const isChanged = (error: unknown) => error instanceof Problem && error.code === "changed";

/** The version that is changed: the one that was looked at first, until another one is told. */
export function useVersion(kept?: { version: number }) {
  const [read, setRead] = useState(kept?.version);
  return [read ?? kept?.version, setRead] as const;
}

/** Keep one, a new one where `id` is empty; whatever shows them is asked anew.
 *
 * What somebody else made of `kept` since it was looked at is told once, and shown, before it may
 * be saved over.
 */
export function useSave<K extends Kind>(kind: K, kept?: { version: number }) {
  const client = useQueryClient();
  const [version, setRead] = useVersion(kept);
  return useMutation({
    mutationFn: ({ id, said }: { id: string; said: Kinds[K][1] }) => {
      const body = said as Kinds["scores"][1];
      const saved =
        id === ""
          ? api.POST(all(kind), { body })
          : api.PUT(one(kind), { params: { path: { id } }, body: { version, ...body } });
      return told(saved) as Promise<unknown> as Promise<Kinds[K][0]>;
    },
    onSuccess: (saved) => {
      setRead(saved.version);
      return anew(client);
    },
    onError: (error) => {
      if (!isChanged(error)) return;
      setRead(undefined);
      return anew(client);
    },
  });
}

export function useDelete(kind: Kind) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => told(api.DELETE(one(kind), { params: { path: { id } } })),
    onSuccess: async (_, id) => {
      client.removeQueries({ predicate: ({ queryKey }) => queryKey.includes(id) });
      await anew(client);
    },
  });
}

/** Rules name one another: a change of one may show in all. */
export function anew(client: QueryClient) {
  return Promise.all(
    ["segments", "tags", "sorting", "boards", "links"].map((kind) =>
      client.invalidateQueries({ queryKey: [kind] }),
    ),
  );
}
