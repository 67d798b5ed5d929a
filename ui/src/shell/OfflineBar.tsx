import { Alert } from "antd";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { line } from "../api/client";

function listen(changed: () => void): () => void {
  line.listeners.add(changed);
  return () => line.listeners.delete(changed);
}

/** Says that the server cannot be reached, until it can. */
export function OfflineBar() {
  const { t } = useTranslation();
  const up = useSyncExternalStore(listen, () => line.up);
  if (up) return null;
  return <Alert type="warning" showIcon banner title={t("shell.offline")} />;
}
