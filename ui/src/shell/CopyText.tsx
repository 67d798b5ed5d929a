import { CheckOutlined, CopyOutlined } from "@ant-design/icons";
import { Button } from "antd";
import useApp from "antd/es/app/useApp";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const SHOWN_MS = 2_000;

/** Puts a text on the clipboard and says so. */
export function CopyText({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation();
  const { notification } = useApp();
  const [done, setDone] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      setTimeout(() => setDone(false), SHOWN_MS);
    } catch {
      // Without https a browser keeps the clipboard to itself.
      notification.warning({ title: t("shell.copy.by_hand") });
    }
  };
  return (
    <Button icon={done ? <CheckOutlined /> : <CopyOutlined />} onClick={copy}>
      <span aria-live="polite">{done ? t("shell.copy.done") : (label ?? t("shell.copy.do"))}</span>
    </Button>
  );
}
