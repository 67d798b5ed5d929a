import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useView } from "../shell/page";
import { useUndo } from "../shell/undo";
import page from "./page";
import type { RuleSet, Version } from "./ruleset";

type Tried = { rules: RuleSet } | { version: number };

/** Begins to find out what rules would do, and shows it. */
export function usePreview(): (wanted: Tried) => Promise<void> {
  const [, setView] = useView(page);
  return useCallback(
    async (wanted) => {
      const body = wanted as never;
      const begun = await told(api.POST("/api/temperature/rules/previews", { body }));
      setView({ preview: begun.id });
    },
    [setView],
  );
}

/** Reads everything anew that follows from the rules, and says which version holds, with the way back. */
export function useSaved(now: Version): (version: number) => Promise<void> {
  const { t } = useTranslation();
  const client = useQueryClient();
  const undo = useUndo();
  const [, setView] = useView(page);
  return useCallback(
    async (version) => {
      setView({ preview: "" }, { replace: true });
      await client.invalidateQueries();
      undo(t("rules.saved", { version }), async () => {
        const path = { number: now.version };
        await told(
          api.POST("/api/temperature/rules/versions/{number}/restore", { params: { path } }),
        );
        await client.invalidateQueries();
      });
    },
    [client, now.version, setView, t, undo],
  );
}

/** Makes the rules of a preview those in force. */
export function useAccept(now: Version, then?: () => void): (preview: string) => Promise<void> {
  const saved = useSaved(now);
  return async (preview) => {
    const path = { preview_id: preview };
    const made = await told(
      api.POST("/api/temperature/rules/previews/{preview_id}/accept", { params: { path } }),
    );
    then?.();
    await saved(made.version);
  };
}
