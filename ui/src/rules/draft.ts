import { useState } from "react";
import { bare, type RuleSet, same, type Version } from "./ruleset";

const KEPT = "hotspring.rules.draft";

interface Kept {
  /** The version that was changed. */
  base: number;
  rules: RuleSet;
}

function found(): Kept | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/** Changes parts of a draft; a function is told the draft as it stands by then. */
export type Change = (patch: Partial<RuleSet> | ((rules: RuleSet) => Partial<RuleSet>)) => void;

export interface Draft {
  rules: RuleSet;
  /** Does it differ from what is in force? */
  changed: boolean;
  /** The version it was begun from, where another is in force by now. */
  stale?: number;
  change: Change;
  drop: () => void;
}

/** Rules that are being changed: kept in this tab of the browser until they are saved or dropped. */
export function useDraft(now: Version): Draft {
  const [kept, setKept] = useState(found);
  const keep = (next: Kept | undefined) => {
    if (next) sessionStorage.setItem(KEPT, JSON.stringify(next));
    else sessionStorage.removeItem(KEPT);
    setKept(next);
  };
  const own = bare(now);
  const rules = kept?.rules ?? own;
  const changed = kept !== undefined && !same(rules, own);
  return {
    rules,
    changed,
    stale: changed && kept.base !== now.version ? kept.base : undefined,
    change: (patch) => {
      // What undoes something comes later than what it was drawn with.
      const { base, rules: last } = found() ?? { base: now.version, rules: own };
      const said = typeof patch === "function" ? patch(last) : patch;
      keep({ base, rules: { ...last, ...said } });
    },
    drop: () => keep(undefined),
  };
}
