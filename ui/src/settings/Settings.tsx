import { useTranslation } from "react-i18next";
import { Parts } from "../shell/Parts";
import { oneOf, useView, written } from "../shell/page";
import { Backup } from "./Backup";
import { Health } from "./Health";
import { Members } from "./Members";
import { Privacy } from "./Privacy";
import page, { PARTS } from "./page";
import { System } from "./System";
import { Tokens } from "./Tokens";
import "./settings.css";

const SHOWN = {
  members: Members,
  tokens: Tokens,
  privacy: Privacy,
  system: System,
  backup: Backup,
  health: Health,
};

export default function Settings() {
  const { t } = useTranslation();
  const [view] = useView(page);
  const parts = PARTS.map((key) => {
    const Part = SHOWN[key];
    return { key, label: t(`settings.parts.${key}`), content: <Part /> };
  });
  return (
    <>
      <div className="title">
        <h1>{t("settings.title")}</h1>
      </div>
      <Parts
        label={t("settings.title")}
        parts={parts}
        now={view.part}
        search={(key) => written(page, { part: oneOf(key, PARTS), q: "" })}
      />
    </>
  );
}
