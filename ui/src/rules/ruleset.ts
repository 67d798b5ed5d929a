import { useQuery } from "@tanstack/react-query";
import { api, told } from "../api/client";

export type Scalar = string | number | boolean;

export const OPS = [
  "eq",
  "ne",
  "in",
  "not_in",
  "gt",
  "ge",
  "lt",
  "le",
  "exists",
  "contains",
] as const;
export type Op = (typeof OPS)[number];

export interface Condition {
  field: string;
  op: Op;
  /** `true` where nothing is said. */
  value?: Scalar | Scalar[];
}

export interface Title {
  zh: string;
  en: string;
}

/** What the events of some names weigh; as the API writes it, what is usual is left out. */
export interface Rule {
  id: string;
  title: Title;
  events: string[];
  points: number;
  half_life_days: number;
  amount?: boolean | string;
  cap?: number | null;
  conditions?: Condition[];
}

export interface RuleSet {
  title: Title;
  e_half: number;
  currency: string;
  rates: Record<string, number>;
  rules: Rule[];
}

export interface Version extends RuleSet {
  version: number;
  at?: string;
  by?: string;
}

export const RULES = ["rules"];

/** The rules in force. */
export function useRules() {
  return useQuery({
    queryKey: [...RULES, "now"],
    queryFn: async () => (await told(api.GET("/api/temperature/rules"))) as unknown as Version,
  });
}

/** Which events came, for those who may change rules. */
export function useEvents(enabled: boolean) {
  return useQuery({
    queryKey: [...RULES, "events"],
    queryFn: () => told(api.GET("/api/temperature/rules/events")),
    enabled,
    staleTime: 60_000,
  });
}

/** The rule set alone, as it is sent. */
export function bare({ title, e_half, currency, rates, rules }: RuleSet): RuleSet {
  return { title, e_half, currency, rates, rules };
}

/** Do two things say the same, whatever the order of their members? */
export function same(one: unknown, other: unknown): boolean {
  return canon(one) === canon(other);
}

function canon(value: unknown): string {
  return JSON.stringify(value, (_, found) =>
    found && typeof found === "object" && !Array.isArray(found)
      ? Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)))
      : found,
  );
}

/** A rule without what is usual, so that equal rules are written alike. */
export function tidy(rule: Rule): Rule {
  const { amount, cap, conditions, ...rest } = rule;
  return {
    ...rest,
    ...(amount ? { amount } : {}),
    ...(cap ? { cap } : {}),
    ...(conditions?.length ? { conditions } : {}),
  };
}

/** How a draft differs from what is in force, by the id of the rule. */
export function changes(before: RuleSet, after: RuleSet): Map<string, "added" | "changed"> {
  const old = new Map(before.rules.map((rule) => [rule.id, rule]));
  const found = new Map<string, "added" | "changed">();
  for (const rule of after.rules) {
    const was = old.get(rule.id);
    if (!was) found.set(rule.id, "added");
    else if (!same(tidy(was), tidy(rule))) found.set(rule.id, "changed");
  }
  return found;
}

/** A name in the language of the page, else in the other. */
export function titleOf(title: Title | undefined, language: string): string {
  if (!title) return "";
  return language === "en" ? title.en || title.zh : title.zh || title.en;
}
