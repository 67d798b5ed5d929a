import { PushpinOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Select } from "antd";
import { createContext, useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { Problem } from "../api/problem";
import { anew, useSave } from "../named/asked";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { useUndo } from "../shell/undo";
import type { Card } from "./arrange";
import { type Board, type Report, useDashboards } from "./asked";

const SIZES = { figure: [1, 1], chart: [2, 2], table: [2, 2] } as const;

interface Asked {
  analysis: string;
  title: string;
  asked: Record<string, unknown> | undefined;
  report?: Report;
  opened: (report: Report) => void;
}

export interface Pins {
  boards: Board[];
  /** On which one it is pinned; a new one is made where there is none. */
  board?: Board;
  choose: (id: string) => void;
  pin: (show: Card["show"], name: string) => void;
  busy: boolean;
}

const Context = createContext<Pins | undefined>(undefined);
export const PinsOf = Context.Provider;

/** Puts what an answer shows on a dashboard; the question is saved for it where it is not yet. */
export function usePins({ analysis, title, asked, report, opened }: Asked): Pins {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const undo = useUndo();
  const { notification } = App.useApp();
  const save = useSave("reports");
  const make = useSave("dashboards");
  const boards = useDashboards().data?.items ?? [];
  const [chosen, choose] = useState<string>();
  const latest = boards.toSorted((one, other) => other.updated_at.localeCompare(one.updated_at));
  const board = boards.find(({ id }) => id === chosen) ?? latest[0];
  const kept = async () => {
    const same = report && JSON.stringify(report.parameters) === JSON.stringify(asked);
    if (same) return report;
    const name = `${title} ${format.moment(Date.now())}`;
    const said = { name, description: "", analysis, parameters: asked ?? {} };
    return save.mutateAsync({ id: "", said });
  };
  const put = useMutation({
    mutationFn: async ({ show, name }: Pick<Card, "show" | "name">) => {
      const one = await kept();
      const first = { name: t("boards.first"), description: "", cards: [], minutes: 0 };
      const on = board ?? (await make.mutateAsync({ id: "", said: first }));
      const [width, height] = SIZES[show];
      const card = { id: "", report: one.id, title: "", alert: false };
      const body = { ...card, show, name, width, height };
      const path = { id: on.id };
      const now = await told(api.POST("/api/dashboards/{id}/cards", { params: { path }, body }));
      return { now, one };
    },
    onSuccess: async ({ now, one }) => {
      await anew(client);
      if (one.id !== report?.id) opened(one);
      undo(t("boards.pinned", { name: now.name }), async () => {
        const path = { id: now.id };
        const found = await told(api.GET("/api/dashboards/{id}", { params: { path } }));
        const cards = found.cards.filter(({ id }) => id !== now.cards.at(-1)?.id);
        await make.mutateAsync({ id: now.id, said: { ...found, cards } });
      });
    },
    onError: (error) =>
      notification.error({
        title: t("boards.not_pinned"),
        description: error instanceof Problem ? <Said text={error.detail} /> : undefined,
      }),
  });
  return {
    boards,
    board,
    choose,
    pin: (show, name) => put.mutate({ show, name }),
    busy: put.isPending,
  };
}

/** Which dashboard pins go to, and the way there. */
export function PinTo({ pins: { boards, board, choose } }: { pins: Pins }) {
  const { t } = useTranslation();
  if (!board) return null;
  return (
    <span className="boards-to">
      <span className="soft">{t("boards.pin_to")}</span>
      <Select
        aria-label={t("boards.pin_to")}
        value={board.id}
        onChange={choose}
        options={boards.map(({ id, name }) => ({ value: id, label: name }))}
        className="boards-every"
      />
      <Link to={"/dashboards/$id" as never} params={{ id: board.id } as never}>
        {t("boards.look")}
      </Link>
    </span>
  );
}

/** One click, and it is on a dashboard; nothing where nothing can be pinned. */
export function Pin({ show, name, what }: Pick<Card, "show" | "name"> & { what: string }) {
  const { t } = useTranslation();
  const pins = useContext(Context);
  if (!pins) return null;
  return (
    <Button
      className="boards-pin"
      size="small"
      type="text"
      icon={<PushpinOutlined />}
      disabled={pins.busy}
      aria-label={t("boards.pin", { what })}
      title={t("boards.pin", { what })}
      onClick={() => pins.pin(show, name)}
    />
  );
}
