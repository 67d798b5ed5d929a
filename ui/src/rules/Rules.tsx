import { Alert, Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { oneOf, useView } from "../shell/page";
import { useMay } from "../shell/session";
import { Answer } from "../shell/Told";
import { useDraft } from "./draft";
import { InForce } from "./InForce";
import page, { PARTS } from "./page";
import { useRules, type Version } from "./ruleset";
import { Versions } from "./Versions";
import "./rules.css";

export default function Rules() {
  const { t } = useTranslation();
  const rules = useRules();
  return (
    <>
      <div className="title">
        <h1>{t("rules.title")}</h1>
        <p>{t("rules.about")}</p>
      </div>
      <Answer of={rules}>{(now) => <Parts key={now.version} now={now} />}</Answer>
    </>
  );
}

function Parts({ now }: { now: Version }) {
  const { t } = useTranslation();
  const [view, setView] = useView(page);
  const may = useMay("analyst");
  const draft = useDraft(now);
  const parts = PARTS.map((key) => ({ key, label: t(`rules.parts.${key}`) }));
  return (
    <>
      {!may && <Alert type="info" showIcon title={t("rules.read_only")} className="rules-note" />}
      <Tabs
        activeKey={view.part}
        items={parts}
        onChange={(key) => setView({ part: oneOf(key, PARTS), preview: "", rule: "" })}
      />
      {view.part === "rules" && <InForce now={now} draft={draft} may={may} />}
      {view.part === "versions" && <Versions now={now} may={may} />}
    </>
  );
}
