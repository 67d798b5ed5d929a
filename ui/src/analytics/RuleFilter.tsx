import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useThere } from "../segments/bench";
import { Choice } from "../segments/Fields";
import { RuleField, ruleOf, treeOf } from "../segments/RuleField";
import type { Tree } from "../segments/tree";
import type { Edited } from "./setting";

const WAYS = ["all", "segment", "own"] as const;
type Way = (typeof WAYS)[number];

/** The segment that a rule names, where it is nothing else. */
function segmentOf(rule: Tree | null): string | undefined {
  const named = rule?.segment as { id?: string } | undefined;
  return rule && Object.keys(rule).length === 1 ? named?.id : undefined;
}

/** Whom it is about: everybody, a saved segment, or those of whom a rule is true. */
export function RuleFilter({ label, value, change, faults }: Edited<Tree | null>) {
  const { t } = useTranslation();
  const there = useThere();
  const [rule, edit] = useState(() => ruleOf(value ?? { and: [] }));
  const id = segmentOf(value);
  const way: Way = value === null ? "all" : id === undefined ? "own" : "segment";
  const segments = Object.entries(there.segments ?? {});
  const choose = (next: Way) => {
    if (next === "all") change(null);
    if (next === "segment") change({ segment: { id: segments[0]?.[0] ?? "" } });
    if (next === "own") change(treeOf(rule));
  };
  return (
    <>
      <Choice<Way>
        label={label}
        value={way}
        options={WAYS.map((one) => ({ value: one, label: t(`analytics.whom.${one}`) }))}
        change={choose}
      />
      {way === "segment" && (
        <Choice
          label={t("analytics.whom.segment")}
          value={id}
          options={segments.map(([one, name]) => ({ value: one, label: name }))}
          change={(one) => change({ segment: { id: one } })}
        />
      )}
      {way === "own" && (
        <RuleField
          rule={rule}
          there={there}
          faults={faults}
          change={(next) => {
            const now = next(rule);
            edit(now);
            change(treeOf(now));
          }}
        />
      )}
    </>
  );
}
