import { useQuery } from "@tanstack/react-query";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { Problem } from "../api/problem";
import type { components } from "../api/schema";
import { type Kinds, useDelete, useSave } from "../named/asked";
import { useUndo } from "../shell/undo";

type Schemas = components["schemas"];
export type Report = Schemas["SavedReport"];
export type Board = Schemas["Dashboard"];

export const KEY = "boards";

/** Every saved report, and what keeps it from being asked. */
export function useReports(wanted = true) {
  return useQuery({
    queryKey: [KEY, "reports"],
    queryFn: () => told(api.GET("/api/reports")),
    enabled: wanted,
  });
}

/** Every dashboard. */
export function useDashboards() {
  return useQuery({
    queryKey: [KEY, "dashboards"],
    queryFn: () => told(api.GET("/api/dashboards")),
  });
}

/** One dashboard. */
export function useDashboard(id: string) {
  return useQuery({
    queryKey: [KEY, "dashboards", id],
    queryFn: () => told(api.GET("/api/dashboards/{id}", { params: { path: { id } } })),
  });
}

/** Forgets one, with the way back; that has the same content under another id. */
export function useForget<K extends "reports" | "dashboards">(kind: K) {
  const { t } = useTranslation();
  const forget = useDelete(kind);
  const save = useSave(kind);
  const undo = useUndo();
  const { notification } = App.useApp();
  return (one: { id: string; name: string }, said: Kinds[K][1], gone?: () => void) =>
    forget.mutate(one.id, {
      onSuccess: () => {
        gone?.();
        undo(t("boards.deleted", { name: one.name }), () => save.mutateAsync({ id: "", said }));
      },
      onError: (error) =>
        notification.error({
          title: t("named.not_deleted"),
          description: error instanceof Problem ? error.detail : undefined,
        }),
    });
}
