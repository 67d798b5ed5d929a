import {
  DesktopOutlined,
  GlobalOutlined,
  MoonOutlined,
  QuestionCircleOutlined,
  SunOutlined,
} from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { type Language, speak } from "../i18n";
import { Choices } from "./Choices";
import { LOOKS, type Look, useLook } from "./look";
import { helpOf, type Page, type Raw } from "./page";
import { SESSION } from "./session";

/** Over to the other language. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const other: Language = i18n.language === "zh" ? "en" : "zh";
  const change = async () => {
    await speak(other);
    // It is kept for other browsers too where somebody is signed in.
    if (client.getQueryData(SESSION)) {
      await told(api.PUT("/api/session/language", { body: { language: other } })).catch(() => {});
    }
  };
  return (
    <Button type="text" icon={<GlobalOutlined />} onClick={change} lang={other}>
      {t("shell.other_language")}
    </Button>
  );
}

const ICONS: Record<Look, ReactNode> = {
  system: <DesktopOutlined />,
  light: <SunOutlined />,
  dark: <MoonOutlined />,
};

/** Light, dark, or as the system is. */
export function LookSwitch() {
  const { t } = useTranslation();
  const { look, choose } = useLook();
  const items = LOOKS.map((one) => ({
    key: one,
    icon: ICONS[one],
    label: t(`shell.looks.${one}`),
    onClick: () => choose(one),
  }));
  return (
    <Choices menu={{ items, selectedKeys: [look] }}>
      <Button type="text" icon={ICONS[look]} aria-label={t("shell.look")} />
    </Choices>
  );
}

/** To what the documents say of this page. */
export function HelpLink({ page }: { page?: Page }) {
  const { t, i18n } = useTranslation();
  const raw = useSearch({ strict: false }) as Raw;
  return (
    <Button
      type="text"
      icon={<QuestionCircleOutlined />}
      href={`/help/${i18n.language}/${helpOf(page, raw)}`}
      target="_blank"
      aria-label={t("shell.help")}
      title={t("shell.help")}
    />
  );
}
