import type { TFunction } from "i18next";
import type { Option } from "../segments/Fields";
import type { Vocabulary } from "../segments/leaves";

export type Trait = Record<string, unknown>;

/** A trait as the value of a choice: the same for the same trait, in whatever order it was written. */
export function key(trait: Trait): string {
  const sorted = (value: unknown): unknown =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([one], [other]) => (one < other ? -1 : 1))
            .map(([name, inner]) => [name, sorted(inner)]),
        )
      : value;
  return JSON.stringify(sorted(trait));
}

const READABLE = ["number", "string", "boolean", "datetime"];

/** What profiles can be told apart by, the plainest first. */
export function choices(there: Vocabulary, t: TFunction): Option[] {
  const found: [Trait, string][] = [
    ...(["monetary", "frequency", "recency"] as const).map((figure): [Trait, string] => [
      { rfm: { figure } },
      t(`clusters.kinds.${figure}`),
    ]),
    ...(["temperature", "band", "lifecycle"] as const).map((kind): [Trait, string] => [
      { [kind]: {} },
      t(`clusters.kinds.${kind}`),
    ]),
    ...Object.entries(there.traits)
      .filter(([, kind]) => READABLE.includes(kind))
      .map(([name]): [Trait, string] => [{ trait: { name } }, t("clusters.kinds.trait", { name })]),
    ...Object.entries(there.scores ?? {}).map(([id, name]): [Trait, string] => [
      { score: { id } },
      t("clusters.kinds.score", { name }),
    ]),
    ...Object.entries(there.schemes ?? {}).map(([id, { name }]): [Trait, string] => [
      { tier: { id } },
      t("clusters.kinds.tier", { name }),
    ]),
    ...Object.entries(there.tags ?? {}).map(([id, { name }]): [Trait, string] => [
      { tag: { id } },
      t("clusters.kinds.tag", { name }),
    ]),
    ...Object.keys(there.events).map((event): [Trait, string] => [
      { behaviour: { event } },
      t("clusters.kinds.event", { name: event }),
    ]),
  ];
  return found.map(([trait, label]) => ({ value: key(trait), label }));
}

/** What to begin with. */
export const FIRST: Trait[] = [
  { rfm: { figure: "monetary" } },
  { rfm: { figure: "recency" } },
  { temperature: {} },
];
