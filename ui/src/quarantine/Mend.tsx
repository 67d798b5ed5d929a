import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Popconfirm, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { pretty } from "../events/live";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { Failure } from "../shell/Told";
import { type Entry, QUARANTINE, type Replayed, useChosen } from "./asked";
import { ASKED, type Draft, draftOf, faultOf, fixOf, KINDS, type Kind } from "./fixes";
import { Tried } from "./Tried";

const MOST = 5_000;

/** Mends the entry that is open, else all that the filters mean: tried first, then let in. */
export function Mend({ entry }: { entry: Entry | undefined }) {
  const { t } = useTranslation();
  const chosen = useChosen();
  const [drafts, setDrafts] = useState<Draft[]>([]);
  const select = entry ? { ids: [String(entry.id)] } : { ids: [], ...chosen };
  const fixes = drafts.map(fixOf);
  const now = { select, fixes };
  const asked = JSON.stringify(now);
  const tried = useReplay(true);
  const done = useReplay(false);
  const fresh = tried.data?.asked === asked ? tried.data.answer : undefined;
  const passing = fresh ? passes(fresh) : 0;
  const faulty = drafts.some((draft) => faultOf(draft) !== undefined);
  return (
    <section className="panel" aria-labelledby="mend">
      <h2 id="mend">{t(entry ? "quarantine.mend_this" : "quarantine.mend_all")}</h2>
      <p className="soft">{t("quarantine.mend_about")}</p>
      {drafts.map((draft, place) => (
        <One
          // biome-ignore lint/suspicious/noArrayIndexKey: fixes have nothing but their order.
          key={place}
          draft={draft}
          change={(next) => setDrafts(drafts.toSpliced(place, 1, next))}
          remove={() => setDrafts(drafts.toSpliced(place, 1))}
        />
      ))}
      <Select<Kind>
        className="quarantine-add"
        aria-label={t("quarantine.add")}
        placeholder={t("quarantine.add")}
        value={null}
        onChange={(kind) =>
          setDrafts([...drafts, draftOf(kind, pretty(String(entry?.body ?? "")))])
        }
        options={KINDS.filter((kind) => entry || kind !== "replace").map((value) => ({
          value,
          label: t(`quarantine.kinds.${value}`),
        }))}
      />
      <div className="quarantine-actions">
        <Button loading={tried.isPending} disabled={faulty} onClick={() => tried.mutate(now)}>
          {t("quarantine.try")}
        </Button>
        <Popconfirm
          title={t("quarantine.replay_sure", { n: passing })}
          description={t("quarantine.no_undo")}
          okText={t("quarantine.replay")}
          cancelText={t("quarantine.cancel")}
          onConfirm={() => done.mutate(now)}
          disabled={passing === 0}
        >
          <Button type="primary" disabled={passing === 0} loading={done.isPending}>
            {t("quarantine.replay")}
          </Button>
        </Popconfirm>
        <DropThem select={select} allowed={entry !== undefined || Object.keys(chosen).length > 0} />
      </div>
      {(tried.error ?? done.error) && <Failure error={tried.error ?? done.error} />}
      {fresh && <Tried answer={fresh} />}
    </section>
  );
}

interface Selected {
  ids: string[];
  source?: string;
  reason?: string;
  event?: string;
}

function passes(answer: Replayed): number {
  return (answer.verdicts.accepted ?? 0) + (answer.verdicts.duplicate ?? 0);
}

interface Meant {
  select: Selected;
  fixes: Record<string, unknown>[];
}

/** Is told at the click what is meant: what it was told while drawing may be a drawing behind. */
function useReplay(dry_run: boolean) {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (meant: Meant) => {
      const body = { ...meant, dry_run, limit: MOST };
      const answer = await told(api.POST("/api/quarantine/replay", { body }));
      return { asked: JSON.stringify(meant), answer };
    },
    onSuccess: async ({ answer }) => {
      if (dry_run) return;
      notification.success({ title: t("quarantine.replayed", { n: passes(answer) }) });
      await client.invalidateQueries({ queryKey: QUARANTINE });
    },
  });
}

interface Editing {
  draft: Draft;
  change: (draft: Draft) => void;
  remove: () => void;
}

function One({ draft, change, remove }: Editing) {
  const { t } = useTranslation();
  const fault = faultOf(draft);
  return (
    <fieldset className="quarantine-fix">
      <legend>{t(`quarantine.kinds.${draft.kind}`)}</legend>
      {ASKED[draft.kind].map((asked) => {
        const label = t(`quarantine.asked.${asked.name}`);
        const put = (text: string) =>
          change({ ...draft, values: { ...draft.values, [asked.name]: text } });
        const value = draft.values[asked.name] ?? "";
        const status = fault === asked.name ? "error" : undefined;
        return (
          <Form.Item key={asked.name} label={label} htmlFor={undefined} colon={false}>
            {asked.choices ? (
              <Select
                aria-label={label}
                value={value}
                onChange={put}
                options={asked.choices.map((one) => ({
                  value: one,
                  label: t(`quarantine.types.${one}`),
                }))}
              />
            ) : asked.json ? (
              <Input.TextArea
                aria-label={label}
                autoSize={{ minRows: 3, maxRows: 18 }}
                value={value}
                status={status}
                onChange={(event) => put(event.target.value)}
              />
            ) : (
              <Input
                aria-label={label}
                value={value}
                status={status}
                onChange={(event) => put(event.target.value)}
              />
            )}
          </Form.Item>
        );
      })}
      <Button onClick={remove}>{t("quarantine.remove")}</Button>
    </fieldset>
  );
}

function DropThem({ select, allowed }: { select: Selected; allowed: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { notification, modal } = App.useApp();
  const client = useQueryClient();
  const [why, setWhy] = useState("");
  const drop = useMutation({
    mutationFn: (dry_run: boolean) =>
      told(api.POST("/api/quarantine/drop", { body: { select, why, dry_run } })),
    onError: (error) =>
      notification.error({
        title: t("quarantine.not_dropped"),
        description: <Said text={error.message} />,
      }),
  });
  const ask = async () => {
    const { dropped, more } = await drop.mutateAsync(true);
    const count = `${format.count(dropped)}${more ? "+" : ""}`;
    modal.confirm({
      title: t("quarantine.drop_sure", { n: count }),
      content: t("quarantine.drop_about", { why }),
      okText: t("quarantine.drop"),
      cancelText: t("quarantine.cancel"),
      okButtonProps: { danger: true },
      onOk: async () => {
        const done = await drop.mutateAsync(false);
        notification.success({ title: t("quarantine.dropped", { n: done.dropped }) });
        await client.invalidateQueries({ queryKey: QUARANTINE });
      },
    });
  };
  return (
    <span className="quarantine-drop">
      <Input
        aria-label={t("quarantine.why")}
        placeholder={t(allowed ? "quarantine.why" : "quarantine.filter_first")}
        disabled={!allowed}
        maxLength={500}
        value={why}
        onChange={(event) => setWhy(event.target.value)}
      />
      <Button danger disabled={!allowed || why.trim() === ""} onClick={() => void ask()}>
        {t("quarantine.drop")}
      </Button>
    </span>
  );
}
