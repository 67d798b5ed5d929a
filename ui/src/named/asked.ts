import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
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
  used_by: Schemas["User"][];
}

// The paths of all kinds are alike, and so are their answers up to what is said of the kind.
const all = (kind: Kind) => `/api/${kind}` as "/api/scores";
const one = (kind: Kind) => `/api/${kind}/{id}` as "/api/scores/{id}";

/** Keep one, a new one where `id` is empty; whatever shows them is asked anew. */
export function useSave<K extends Kind>(kind: K) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, said }: { id: string; said: Kinds[K][1] }) => {
      const body = said as Kinds["scores"][1];
      const saved =
        id === ""
          ? api.POST(all(kind), { body })
          : api.PUT(one(kind), { params: { path: { id } }, body });
      return told(saved) as Promise<unknown> as Promise<Kinds[K][0]>;
    },
    onSuccess: () => anew(client),
    // What somebody else made of it is shown before it may be saved.
    onError: (error) => error instanceof Problem && error.code === "changed" && anew(client),
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
