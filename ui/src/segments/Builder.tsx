import { RedoOutlined, UndoOutlined } from "@ant-design/icons";
import { useNavigate } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Fault, Problem } from "../api/problem";
import { Naming } from "../named/Naming";
import { CopyText } from "../shell/CopyText";
import { useView } from "../shell/page";
import { Answer } from "../shell/Told";
import { AsText, parsed } from "./AsText";
import { usePreview, useSettled, useVocabulary } from "./asked";
import { Rooted } from "./Branch";
import { examples } from "./examples";
import { begun, type History, redone, stepped, undone } from "./history";
import { type Segment, useSegment } from "./kept";
import { Live } from "./Live";
import type { Vocabulary } from "./leaves";
import { build } from "./page";
import { unfinished } from "./questions";
import { byPart, group, leavesOf, type Node, opened, type Tree, written } from "./tree";
import "./segments.css";

/** Longer addresses are refused on their way by some servers. */
const LONGEST_LINK = 6_000;

export default function Builder() {
  const { t } = useTranslation();
  const [view] = useView(build);
  const there = useVocabulary();
  const kept = useSegment(view.id);
  return (
    <>
      <div className="title">
        <h1>{t("segments.build")}</h1>
        <p>{t("segments.about")}</p>
      </div>
      <Answer of={there}>
        {(vocabulary) =>
          view.id === "" ? (
            <Desk there={vocabulary} />
          ) : (
            <Answer of={kept}>
              {(one) => <Desk key={one.id} there={vocabulary} kept={one} />}
            </Answer>
          )
        }
      </Answer>
    </>
  );
}

/** The rule that is edited: parts, or a tree that only text can show. */
type Draft = { parts: History } | { tree: Tree };

function draftOf(text: string): Draft {
  const tree = parsed(text);
  if (tree === undefined) return { parts: begun(group("and")) };
  const node = opened(tree);
  return node ? { parts: begun(node) } : { tree };
}

function treeOf(draft: Draft): Tree {
  return "tree" in draft ? draft.tree : written(draft.parts.now);
}

function Desk({ there, kept }: { there: Vocabulary; kept?: Segment }) {
  const [view, setView] = useView(build);
  const [draft, setDraft] = useState<Draft>(() =>
    draftOf(view.rule || JSON.stringify(kept?.rule ?? "")),
  );
  const tree = useMemo(() => treeOf(draft), [draft]);
  const text = useSettled(JSON.stringify(tree));
  const noted = useRef(view.rule);
  const blank = "parts" in draft && leavesOf(draft.parts.now).length === 0;
  useEffect(() => {
    const rule = blank || text.length > LONGEST_LINK ? "" : text;
    if (rule === noted.current || text !== JSON.stringify(tree)) return;
    noted.current = rule;
    setView({ rule }, { replace: true, still: true });
  }, [text, tree, blank, setView]);
  useEffect(() => {
    if (view.rule === noted.current) return;
    noted.current = view.rule;
    setDraft(draftOf(view.rule));
  }, [view.rule]);
  const open =
    "parts" in draft &&
    leavesOf(draft.parts.now).some((one) => unfinished(one.is, one.body).length > 0);
  const waits = blank || open;
  const preview = usePreview(waits ? undefined : (parsed(text) ?? tree));
  const faults = useFaults(preview.error, waits);
  return (
    <Editing
      {...{ there, draft, setDraft, tree, faults, blank }}
      form={"tree" in draft ? "text" : view.form}
      setForm={(form) => setView({ form }, { replace: true, still: true })}
      long={text.length > LONGEST_LINK}
    >
      {blank ? undefined : (
        <div className="segments-side">
          <Live preview={preview} waits={waits} refused={faults !== undefined} />
          <Keep kept={kept} rule={tree} blocked={waits || faults !== undefined} />
        </div>
      )}
    </Editing>
  );
}

/** Keeps the rule as a segment, and goes there. */
function Keep({ kept, rule, blocked }: { kept?: Segment; rule: Tree; blocked: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const done = ({ id }: Segment) =>
    void navigate({ to: "/segments/$id" as never, params: { id } as never });
  return (
    <section className="panel" aria-label={t("segments.keep")}>
      <h2>{t("segments.keep")}</h2>
      <Naming
        kind="segments"
        kept={kept}
        said={{ rule }}
        blocked={blocked}
        label={kept ? undefined : t("segments.create")}
        copies
        done={done}
      />
    </section>
  );
}

/** What the server found wrong with the rule that was asked last. */
function useFaults(error: unknown, waits: boolean): Fault[] | undefined {
  if (waits || !(error instanceof Problem) || error.faults.length === 0) return undefined;
  return error.faults;
}

interface Shown {
  there: Vocabulary;
  draft: Draft;
  setDraft: (change: (draft: Draft) => Draft) => void;
  tree: Tree;
  faults: Fault[] | undefined;
  blank: boolean;
  form: "tree" | "text";
  setForm: (form: "tree" | "text") => void;
  long: boolean;
  children: React.ReactNode;
}

function Editing(shown: Shown) {
  const { t } = useTranslation();
  const { there, draft, setDraft, tree, faults, blank, form, children } = shown;
  const parts = "parts" in draft ? draft.parts : undefined;
  const change = useCallback(
    (next: (root: Node) => Node, what?: string) =>
      setDraft((now) =>
        "tree" in now ? now : { parts: stepped(now.parts, next(now.parts.now), what) },
      ),
    [setDraft],
  );
  const root = parts?.now;
  const placed = useMemo(() => (root ? byPart(root, faults ?? []) : new Map()), [root, faults]);
  const bench = root && { root, there, faults: placed, change };
  return (
    <>
      <div className="segments-bar">
        <Segmented
          value={form}
          aria-label={t("segments.form")}
          options={[
            { value: "tree", label: t("segments.as_parts"), disabled: !parts },
            { value: "text", label: "JSON" },
          ]}
          onChange={(one) => shown.setForm(one as "tree" | "text")}
        />
        <Back parts={parts} setDraft={setDraft} />
        {!blank && !shown.long && <CopyText text={location.href} label={t("segments.link")} />}
        {shown.long && <span className="soft">{t("segments.too_long")}</span>}
        {!blank && (
          <Button type="text" onClick={() => change(() => group("and"))} disabled={!parts}>
            {t("segments.clear")}
          </Button>
        )}
      </div>
      <div className={blank ? undefined : "segments-columns"}>
        <div className="segments-main">
          {form === "text" && <Written {...{ tree, setDraft, faults }} />}
          {form === "tree" && bench && <Rooted value={bench} />}
          {blank && (
            <Examples there={there} choose={(one) => change(() => opened(one) ?? group("and"))} />
          )}
        </div>
        {children}
      </div>
    </>
  );
}

interface Texted {
  tree: Tree;
  setDraft: Shown["setDraft"];
  faults: Fault[] | undefined;
}

function Written({ tree, setDraft, faults }: Texted) {
  const change = (next: Tree) => {
    const node = opened(next);
    setDraft((now) => {
      if (!node) return { tree: next };
      return { parts: "parts" in now ? stepped(now.parts, node, "text") : begun(node) };
    });
  };
  return (
    <section className="panel">
      <AsText tree={tree} change={change} />
      {faults && (
        <ul className="segments-faults">
          {faults.map(({ where, detail }) => (
            <li key={`${where} ${detail}`}>
              <code>{where}</code> {detail}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface Backed {
  parts: History | undefined;
  setDraft: Shown["setDraft"];
}

/** One step back and forth, by buttons and by keys. */
function Back({ parts, setDraft }: Backed) {
  const { t } = useTranslation();
  const turn = useCallback(
    (step: (history: History) => History) =>
      setDraft((now) => ("parts" in now ? { parts: step(now.parts) } : now)),
    [setDraft],
  );
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches("textarea, input");
      if (typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      event.preventDefault();
      turn(event.shiftKey ? redone : undone);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [turn]);
  return (
    <span>
      <Button
        icon={<UndoOutlined />}
        aria-label={t("segments.undo")}
        title={t("segments.undo")}
        disabled={!parts?.past.length}
        onClick={() => turn(undone)}
      />{" "}
      <Button
        icon={<RedoOutlined />}
        aria-label={t("segments.redo")}
        title={t("segments.redo")}
        disabled={!parts?.future.length}
        onClick={() => turn(redone)}
      />
    </span>
  );
}

function Examples({ there, choose }: { there: Vocabulary; choose: (tree: Tree) => void }) {
  const { t } = useTranslation();
  const all = useMemo(() => examples(there), [there]);
  if (all.length === 0) return null;
  return (
    <section className="segments-examples" aria-labelledby="segments-examples">
      <h2 id="segments-examples">{t("segments.examples")}</h2>
      <ul>
        {all.map(([name, tree]) => (
          <li key={name}>
            <button type="button" onClick={() => choose(tree)}>
              <b>{t(`segments.example.${name}.title`)}</b>
              <span className="soft">{t(`segments.example.${name}.why`)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
