import { Button } from "antd";
import useApp from "antd/es/app/useApp";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { Said } from "../refusals/Said";

const SHOWN_SECONDS = 12;

/** Say that something was done, with the way back beside it. */
export function useUndo(): (text: string, back: () => Promise<unknown>) => void {
  const { notification } = useApp();
  const { t } = useTranslation();
  return useCallback(
    (text, back) => {
      const key = `undo-${Date.now()}`;
      const undo = async () => {
        notification.destroy(key);
        try {
          await back();
          notification.success({ title: t("shell.undone"), duration: 4 });
        } catch (error) {
          const detail = error instanceof Problem ? error.detail : "";
          notification.error({ title: t("shell.not_undone"), description: <Said text={detail} /> });
        }
      };
      notification.success({
        key,
        title: text,
        duration: SHOWN_SECONDS,
        actions: <Button onClick={undo}>{t("shell.undo")}</Button>,
      });
    },
    [notification, t],
  );
}
