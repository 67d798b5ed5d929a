import { AutoComplete, Button, Drawer, Form, Input, InputNumber, Radio, Select, Space } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { Temperature } from "../shell/Temperature";
import { Conditions } from "./Conditions";
import { check, halfLives, idFor } from "./check";
import { degrees, weight } from "./law";
import { type Rule, type RuleSet, useEvents } from "./ruleset";
import { Sentence } from "./Sentence";
import { useSentences } from "./sentence";

const NEW: Rule = {
  id: "",
  title: { zh: "", en: "" },
  events: [],
  points: 1,
  half_life_days: 14,
};
const SAMPLE = 100;

interface Shown {
  /** The rule that is changed; a new one if absent. */
  rule?: Rule;
  set: RuleSet;
  done: (rule: Rule) => void;
  close: () => void;
}

/** One rule, field by field; what is wrong stands beside its field. */
export function RuleForm({ rule, set, done, close }: Shown) {
  const { t } = useTranslation();
  const say = useSentences();
  const [draft, setDraft] = useState<Rule>(rule ?? NEW);
  const [tried, setTried] = useState(false);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const faults = check(draft, set.rules);
  const patch = (part: Partial<Rule>) => {
    setTouched(new Set([...touched, ...Object.keys(part)]));
    setDraft({ ...draft, ...part });
  };
  const wrong = (field: string) => {
    if (!tried && !touched.has(field.split(".")[0] ?? field)) return undefined;
    const fault = faults.find((one) => one.field === field);
    return fault && t(`rules.faults.${fault.fault}`, fault.values);
  };
  const save = () => {
    setTried(true);
    if (faults.length > 0) return;
    const { zh, en } = draft.title;
    const title = { zh: zh.trim() || en.trim(), en: en.trim() || zh.trim() };
    done({ ...draft, title, id: draft.id || idFor({ ...draft, title }, set.rules) });
  };
  return (
    <Drawer
      open
      size={560}
      onClose={close}
      title={rule ? t("rules.form.change", { name: say.name(rule) }) : t("rules.form.new")}
      footer={
        <div className="rules-foot">
          <Button onClick={close}>{t("rules.form.leave")}</Button>
          <Button type="primary" onClick={save}>
            {t("rules.form.keep")}
          </Button>
        </div>
      }
    >
      <Form layout="vertical" component="div">
        <Titles draft={draft} patch={patch} wrong={wrong("title")} />
        <Events draft={draft} patch={patch} wrong={wrong("events")} />
        <Conditions
          conditions={draft.conditions ?? []}
          change={(conditions) => patch({ conditions })}
          wrong={(at) => wrong(`conditions.${at}`)}
        />
        <Points draft={draft} patch={patch} wrong={wrong} currency={set.currency} />
        <Cooling draft={draft} patch={patch} wrong={wrong} set={set} />
      </Form>
      <div className="rules-says" aria-live="polite">
        {draft.events.length > 0 && faults.length === 0 && (
          <>
            <Sentence rule={draft} />
            <Alone draft={draft} set={set} />
          </>
        )}
      </div>
    </Drawer>
  );
}

interface Part {
  draft: Rule;
  patch: (part: Partial<Rule>) => void;
  wrong: string | undefined;
}

function Field({
  label,
  id,
  wrong,
  help,
  children,
}: {
  label: string;
  id?: string;
  wrong?: string;
  help?: string;
  children: ReactNode;
}) {
  return (
    <Form.Item
      label={label}
      htmlFor={id}
      validateStatus={wrong ? "error" : undefined}
      help={wrong}
      extra={wrong ? undefined : help}
    >
      {children}
    </Form.Item>
  );
}

function Titles({ draft, patch, wrong }: Part) {
  const { t } = useTranslation();
  const { title } = draft;
  return (
    <div className="rules-two">
      <Field label={t("rules.form.title_zh")} id="title-zh" wrong={wrong}>
        <Input
          id="title-zh"
          lang="zh"
          maxLength={80}
          value={title.zh}
          onChange={({ target }) => patch({ title: { ...title, zh: target.value } })}
        />
      </Field>
      <Field label={t("rules.form.title_en")} id="title-en">
        <Input
          id="title-en"
          lang="en"
          maxLength={80}
          value={title.en}
          onChange={({ target }) => patch({ title: { ...title, en: target.value } })}
        />
      </Field>
    </div>
  );
}

function Events({ draft, patch, wrong }: Part) {
  const { t } = useTranslation();
  const format = useFormat();
  const seen = useEvents(true);
  const options = (seen.data?.items ?? []).map(({ name, events }) => ({
    value: name,
    label: t("rules.form.seen", { name, shown: format.count(events) }),
  }));
  return (
    <Field
      label={t("rules.form.events")}
      id="rule-events"
      wrong={wrong}
      help={t("rules.form.events_help")}
    >
      <Select
        id="rule-events"
        mode="tags"
        optionLabelProp="value"
        value={draft.events}
        options={[{ value: "*", label: t("rules.say.every") }, ...options]}
        onChange={(events: string[]) =>
          patch({ events: events.map((one) => one.trim()).filter(Boolean) })
        }
      />
    </Field>
  );
}

type Several = Omit<Part, "wrong"> & { wrong: (field: string) => string | undefined };

function Points({ draft, patch, wrong, currency }: Several & { currency: string }) {
  const { t } = useTranslation();
  const cools = draft.points < 0;
  const size = Math.abs(draft.points);
  const by = draft.amount === true ? "amount" : draft.amount ? "number" : "count";
  const amounts = { count: false, amount: true, number: "properties." };
  return (
    <>
      <div className="rules-two">
        <Field label={t("rules.form.sign")}>
          <Radio.Group
            aria-label={t("rules.form.sign")}
            value={cools}
            optionType="button"
            options={[
              { value: false, label: t("rules.form.warms") },
              { value: true, label: t("rules.form.cools") },
            ]}
            onChange={({ target }) => patch({ points: target.value ? -size : size })}
          />
        </Field>
        <Field label={t("rules.form.points")} id="rule-points" wrong={wrong("points")}>
          <InputNumber
            id="rule-points"
            min={0}
            value={size}
            onChange={(value) => patch({ points: (value ?? 0) * (cools ? -1 : 1) })}
          />
        </Field>
      </div>
      <Field label={t("rules.form.by")} help={t(`rules.form.by_help.${by}`, { currency })}>
        <Radio.Group
          aria-label={t("rules.form.by")}
          value={by}
          options={(["count", "amount", "number"] as const).map((value) => ({
            value,
            label: t(`rules.form.by_what.${value}`),
          }))}
          onChange={({ target }) =>
            patch({ amount: amounts[target.value as keyof typeof amounts] })
          }
        />
      </Field>
      {by === "number" && (
        <Field label={t("rules.form.path")} id="rule-path" wrong={wrong("amount")}>
          <AutoComplete
            id="rule-path"
            value={String(draft.amount)}
            options={[{ value: "properties.quantity" }, { value: "properties.duration" }]}
            onChange={(value: string) => patch({ amount: value || "properties." })}
          />
        </Field>
      )}
    </>
  );
}

function Cooling({ draft, patch, wrong, set }: Several & { set: RuleSet }) {
  const { t } = useTranslation();
  const say = useSentences();
  const used = halfLives(set.rules, draft.id);
  const capped = draft.cap !== undefined && draft.cap !== null;
  return (
    <div className="rules-two">
      <Field
        label={t("rules.form.half_life")}
        id="rule-half-life"
        wrong={wrong("half_life_days")}
        help={t("rules.form.half_life_help")}
      >
        <InputNumber
          id="rule-half-life"
          min={0}
          value={draft.half_life_days}
          suffix={t("rules.form.days")}
          onChange={(value) => patch({ half_life_days: value ?? 0 })}
        />
        <Space wrap className="rules-used">
          {used.map((days) => (
            <Button key={days} size="small" onClick={() => patch({ half_life_days: days })}>
              {say.days(days)}
            </Button>
          ))}
        </Space>
      </Field>
      <Field
        label={t("rules.form.cap")}
        id="rule-cap"
        wrong={wrong("cap")}
        help={t(capped ? "rules.form.cap_help" : "rules.form.no_cap")}
      >
        <InputNumber
          id="rule-cap"
          min={0}
          value={draft.cap ?? null}
          placeholder={t("rules.form.unlimited")}
          onChange={(value) => patch({ cap: value ?? undefined })}
        />
      </Field>
    </div>
  );
}

function Alone({ draft, set }: { draft: Rule; set: RuleSet }) {
  const { t } = useTranslation();
  const energy = weight({ ...draft, conditions: [] }, SAMPLE);
  if (energy === undefined) return null;
  return (
    <p>
      {draft.amount ? t("rules.alone_amount", { amount: SAMPLE }) : t("rules.alone")}{" "}
      <Temperature value={degrees(energy, set.e_half)} />
    </p>
  );
}
