import { PlusOutlined } from "@ant-design/icons";
import { Alert, App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../shell/page";
import { Failure } from "../shell/Told";
import { checkSet } from "./check";
import type { Draft } from "./draft";
import { Meaning } from "./Meaning";
import { Preview } from "./Preview";
import page from "./page";
import { Rates } from "./Rates";
import { RuleForm } from "./RuleForm";
import { RuleList } from "./RuleList";
import { changes, type Rule, tidy, type Version } from "./ruleset";
import { useAccept, usePreview } from "./saving";

interface Shown {
  now: Version;
  draft: Draft;
  may: boolean;
}

/** The rules in force, or the draft of those that are to follow them. */
export function InForce({ now, draft, may }: Shown) {
  const { t } = useTranslation();
  const [view, setView] = useView(page);
  const accept = useAccept(now, draft.drop);
  const { rules } = draft;
  const change: Draft["change"] = (patch) => {
    // What was found out holds for the rules that were tried, not for these.
    if (view.preview) setView({ preview: "" }, { replace: true });
    draft.change(patch);
  };
  const edited = rules.rules.find(({ id }) => id === view.rule);
  const put = (rule: Rule) => {
    const known = rules.rules.some(({ id }) => id === rule.id);
    const place = (one: Rule) => (one.id === rule.id ? tidy(rule) : one);
    change({ rules: known ? rules.rules.map(place) : [...rules.rules, tidy(rule)] });
    setView({ rule: "", preview: "" });
  };
  return (
    <>
      {draft.changed && <Pending now={now} draft={draft} may={may} />}
      {view.preview && <Preview id={view.preview} now={now} accept={may ? accept : undefined} />}
      <div className="rules-columns">
        <section className="panel" aria-labelledby="rules-list">
          <div className="rules-head">
            <h2 id="rules-list">
              {draft.changed
                ? t("rules.draft_of", { version: now.version })
                : t("rules.in_force", { version: now.version })}
            </h2>
            {may && (
              <Button icon={<PlusOutlined />} onClick={() => setView({ rule: "+" })}>
                {t("rules.add")}
              </Button>
            )}
          </div>
          <RuleList now={now} rules={rules} may={may} change={change} />
        </section>
        <div>
          <Meaning rules={rules} may={may} change={change} />
          <Rates rules={rules} may={may} change={change} />
        </div>
      </div>
      {may && view.rule && (edited || view.rule === "+") && (
        <RuleForm
          key={view.rule}
          rule={edited}
          set={rules}
          done={put}
          close={() => setView({ rule: "" })}
        />
      )}
    </>
  );
}

/** What is changed and not saved, and the way on: first look what it would do. */
function Pending({ now, draft, may }: Shown) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const [view, setView] = useView(page);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const preview = usePreview();
  const faults = checkSet(draft.rules);
  const changed = changes(now, draft.rules);
  const gone = now.rules.filter(({ id }) => !draft.rules.rules.some((rule) => rule.id === id));
  const count = changed.size + gone.length;
  const begin = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await preview({ rules: draft.rules });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const drop = () =>
    modal.confirm({
      title: t("rules.drop_sure"),
      okText: t("rules.drop"),
      onOk: () => {
        draft.drop();
        setView({ preview: "", rule: "" });
      },
    });
  return (
    <section className="panel rules-pending" aria-label={t("rules.pending")}>
      <div className="rules-head">
        <p>
          <b>{t("rules.pending")}</b>{" "}
          {count > 0 ? t("rules.pending_rules", { count }) : t("rules.pending_set")}
        </p>
        <div className="actions">
          <Button onClick={drop}>{t("rules.drop")}</Button>
          <Button onClick={() => setView({ part: "trial", preview: "", rule: "" })}>
            {t("rules.parts.trial")}
          </Button>
          {may && (
            <Button
              type={view.preview ? "default" : "primary"}
              onClick={begin}
              loading={busy}
              disabled={faults.length > 0}
            >
              {t("rules.preview")}
            </Button>
          )}
        </div>
      </div>
      {draft.stale !== undefined && (
        <Alert
          type="warning"
          showIcon
          title={t("rules.stale", { base: draft.stale, version: now.version })}
        />
      )}
      {error !== undefined && <Failure error={error} />}
    </section>
  );
}
