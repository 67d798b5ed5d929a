import { Segmented } from "antd";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Fault, Problem } from "../api/problem";
import { useFormat } from "../shell/format";
import { AsText } from "./AsText";
import { usePreview, useSettled } from "./asked";
import { Rooted } from "./Branch";
import type { Vocabulary } from "./leaves";
import { unfinished } from "./questions";
import { byPart, leavesOf, type Node, opened, type Tree, written } from "./tree";
import "./segments.css";

/** A rule while it is edited: parts, or a tree that only text can show. */
export type Rule = { node: Node } | { tree: Tree };

export function ruleOf(tree: Tree): Rule {
  const node = opened(tree);
  return node ? { node } : { tree };
}

export function treeOf(rule: Rule): Tree {
  return "tree" in rule ? rule.tree : written(rule.node);
}

/** Can it be asked as it stands? */
export function finished(rule: Rule): boolean {
  if ("tree" in rule) return true;
  const leaves = leavesOf(rule.node);
  return leaves.length > 0 && leaves.every((one) => unfinished(one.is, one.body).length === 0);
}

const NONE: Fault[] = [];

interface Shown {
  rule: Rule;
  there: Vocabulary;
  /** What the server found wrong with it when it was to be kept. */
  faults?: Fault[];
  change: (next: (rule: Rule) => Rule) => void;
}

/** Edits one rule, as parts or as text, and tells of how many it is true by itself. */
export function RuleField({ rule, there, faults = NONE, change }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const [texted, asText] = useState(false);
  const alter = useCallback(
    (next: (root: Node) => Node) =>
      change((now) => ("tree" in now ? now : { node: next(now.node) })),
    [change],
  );
  const tree = treeOf(rule);
  const text = useSettled(JSON.stringify(tree));
  const preview = usePreview(finished(rule) ? (JSON.parse(text) as Tree) : undefined);
  const refused = preview.error instanceof Problem ? preview.error.faults : NONE;
  const root = "node" in rule ? rule.node : undefined;
  const placed = useMemo(
    () => (root ? byPart(root, [...faults, ...refused]) : new Map<number, Fault[]>()),
    [root, faults, refused],
  );
  return (
    <div className="segments-rule">
      <Segmented
        size="small"
        value={root && !texted ? "tree" : "text"}
        aria-label={t("segments.form")}
        options={[
          { value: "tree", label: t("segments.as_parts"), disabled: !root },
          { value: "text", label: "JSON" },
        ]}
        onChange={(form) => asText(form === "text")}
      />
      {root && !texted ? (
        <Rooted value={{ root, there, faults: placed, change: alter }} />
      ) : (
        <AsText tree={tree} rows={4} change={(next) => change(() => ruleOf(next))} />
      )}
      <p className="soft" aria-live="polite">
        {!finished(rule) && t("segments.rule_open")}
        {finished(rule) &&
          preview.data &&
          t("segments.true_of", {
            count: preview.data.count,
            told: format.count(preview.data.count),
          })}
      </p>
    </div>
  );
}
