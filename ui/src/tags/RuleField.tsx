import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Fault, Problem } from "../api/problem";
import { AsText } from "../segments/AsText";
import { usePreview, useSettled } from "../segments/asked";
import { Part } from "../segments/Branch";
import { Benched } from "../segments/bench";
import type { Vocabulary } from "../segments/leaves";
import { unfinished } from "../segments/questions";
import { leavesOf, type Node, pointed, type Tree, written } from "../segments/tree";
import { useFormat } from "../shell/format";
import "../segments/segments.css";

/** A rule while it is edited: parts, or a tree that only text can show. */
export type Rule = { node: Node } | { tree: Tree };

export function treeOf(rule: Rule): Tree {
  return "tree" in rule ? rule.tree : written(rule.node);
}

/** Can it be asked as it stands? */
export function finished(rule: Rule): boolean {
  if ("tree" in rule) return true;
  const leaves = leavesOf(rule.node);
  return leaves.length > 0 && leaves.every((one) => unfinished(one.is, one.body).length === 0);
}

interface Shown {
  rule: Rule;
  there: Vocabulary;
  /** What the server found wrong with it when it was to be kept. */
  faults: Fault[];
  change: (next: (rule: Rule) => Rule) => void;
}

/** Edits one rule, and tells of how many it is true by itself. */
export function RuleField({ rule, there, faults, change }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const alter = useCallback(
    (next: (root: Node) => Node) =>
      change((now) => ("tree" in now ? now : { node: next(now.node) })),
    [change],
  );
  const text = useSettled(JSON.stringify(treeOf(rule)));
  const preview = usePreview(finished(rule) ? (JSON.parse(text) as Tree) : undefined);
  const refused = preview.error instanceof Problem ? preview.error.faults : [];
  const root = "node" in rule ? rule.node : undefined;
  const placed = useMemo(() => {
    const found = new Map<number, Fault[]>();
    for (const { where, detail } of root ? [...faults, ...refused] : []) {
      const { id, field } = pointed(root as Node, where);
      found.set(id, [...(found.get(id) ?? []), { where: field, detail }]);
    }
    return found;
  }, [root, faults, refused]);
  return (
    <>
      {root ? (
        <Benched value={{ root, there, faults: placed, change: alter }}>
          <Part node={root} name="" />
        </Benched>
      ) : (
        <AsText tree={treeOf(rule)} change={(tree) => change(() => ({ tree }))} />
      )}
      <p className="soft" aria-live="polite">
        {!finished(rule) && t("tags.unfinished")}
        {finished(rule) &&
          preview.data &&
          t("tags.true_of", { count: preview.data.count, told: format.count(preview.data.count) })}
      </p>
    </>
  );
}
