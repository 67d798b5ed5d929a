import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Parts } from "../shell/Parts";
import { oneOf, useView, written } from "../shell/page";
import { useMay } from "../shell/session";
import { Answer } from "../shell/Told";
import { Calibration } from "./Calibration";
import { useDraft } from "./draft";
import { InForce } from "./InForce";
import page, { PARTS } from "./page";
import { useRules, type Version } from "./ruleset";
import { Trial } from "./Trial";
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
      <Answer of={rules}>{(now) => <Shown key={now.version} now={now} />}</Answer>
    </>
  );
}

function Shown({ now }: { now: Version }) {
  const { t } = useTranslation();
  const [view] = useView(page);
  const may = useMay("analyst");
  const reads = useMay("operator");
  const draft = useDraft(now);
  const shown = {
    rules: <InForce now={now} draft={draft} may={may} />,
    trial: <Trial now={now} draft={draft} may={reads} />,
    calibration: <Calibration now={now} may={may} />,
    versions: <Versions now={now} may={may} />,
  };
  const parts = PARTS.map((key) => ({ key, label: t(`rules.parts.${key}`), content: shown[key] }));
  return (
    <>
      {!may && <Alert type="info" showIcon title={t("rules.read_only")} className="rules-note" />}
      <Parts
        label={t("rules.title")}
        parts={parts}
        now={view.part}
        search={(key) => written(page, { ...view, part: oneOf(key, PARTS), preview: "", rule: "" })}
      />
    </>
  );
}
