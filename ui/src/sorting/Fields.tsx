import { Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../segments/Fields";
import type { Vocabulary } from "../segments/leaves";
import type { Measure, Rule } from "./asked";

interface Edited<V> {
  /** What it is of, to be told from others: line 2. */
  of: string;
  value: V;
  there: Vocabulary;
  change: (value: V) => void;
}

const DAYS = 3_650;
const plain = (names: string[]) => names.map((value) => ({ value, label: value }));
const named = (names: Record<string, string> | undefined) =>
  Object.entries(names ?? {}).map(([value, label]) => ({ value, label }));

interface Window {
  from?: { ago?: number };
}
interface Behaviour {
  event?: string;
  window?: Window;
  measure?: string;
  field?: string;
  currency?: string;
  op?: string;
  value?: number;
}

function lately(days: number | null): { window?: Window } {
  return days ? { window: { from: { ago: days } } } : {};
}

function Days({ of, value, change }: { of: string; value?: Window; change: (n: Window) => void }) {
  const { t } = useTranslation();
  return (
    <InputNumber
      aria-label={`${of} ${t("sorting.days")}`}
      value={value?.from?.ago ?? null}
      min={1}
      max={DAYS}
      precision={0}
      suffix={t("sorting.days_short")}
      placeholder={t("sorting.ever")}
      onChange={(days) => change(lately(days).window ?? {})}
      style={{ width: 130 }}
    />
  );
}

const MEASURES = ["times", "money", "temperature", "trait", "score", "other"] as const;
type MeasureKind = (typeof MEASURES)[number];

function measureKind({ of }: Measure): MeasureKind {
  const [key, body] = Object.entries(of)[0] ?? ["", {}];
  if (key !== "behaviour") {
    return (["temperature", "trait", "score"] as const).find((one) => one === key) ?? "other";
  }
  const { measure = "count", field, ...rest } = body as Behaviour & Record<string, unknown>;
  const simple = Object.keys(rest).every((one) => ["event", "window", "currency"].includes(one));
  if (!simple) return "other";
  if (measure === "count") return "times";
  return measure === "sum" && field === "amount" ? "money" : "other";
}

/** An order where there are any. */
function firstEvent({ events }: Vocabulary): string {
  return "Order Completed" in events ? "Order Completed" : (Object.keys(events)[0] ?? "");
}

export function blankMeasure(kind: MeasureKind, there: Vocabulary): Measure {
  const event = firstEvent(there);
  const first = (names: object | undefined) => Object.keys(names ?? {})[0] ?? "";
  const numbers = Object.entries(there.traits).filter(([, is]) => is === "number");
  switch (kind) {
    case "times":
      return { of: { behaviour: { event } } };
    case "temperature":
      return { of: { temperature: {} } };
    case "trait":
      return { of: { trait: { name: numbers[0]?.[0] ?? "" } } };
    case "score":
      return { of: { score: { id: first(there.scores) } } };
    default: {
      const currency = there.currencies[0] ?? "CNY";
      const money = { event, measure: "sum", field: "amount", currency };
      return { of: { behaviour: { ...money, window: { from: { ago: 365 } } } } };
    }
  }
}

/** A number of every profile. */
export function MeasureField({ of, value, there, change }: Edited<Measure>) {
  const { t } = useTranslation();
  const [raw, setRaw] = useState(false);
  const kind = raw ? "other" : measureKind(value);
  const body = (Object.values(value.of)[0] ?? {}) as Behaviour & { name?: string; id?: string };
  const put = (patch: object) => {
    const [key = "behaviour"] = Object.keys(value.of);
    change({ ...value, of: { [key]: { ...body, ...patch } } });
  };
  const choose = (next: MeasureKind) => {
    setRaw(next === "other");
    if (next !== "other") change(blankMeasure(next, there));
  };
  const numbers = Object.entries(there.traits).flatMap(([name, is]) =>
    is === "number" ? [name] : [],
  );
  return (
    <span className="sorting-fields">
      <Select<MeasureKind>
        aria-label={`${of} ${t("sorting.number")}`}
        value={kind}
        options={MEASURES.map((one) => ({ value: one, label: t(`sorting.measure.${one}`) }))}
        onChange={choose}
        popupMatchSelectWidth={false}
      />
      {(kind === "times" || kind === "money") && (
        <>
          <Choice
            label={`${of} ${t("sorting.event")}`}
            value={body.event ?? ""}
            options={plain(Object.keys(there.events))}
            change={(event) => put({ event })}
            width={160}
          />
          <Days of={of} value={body.window} change={(window) => put({ window })} />
        </>
      )}
      {kind === "trait" && (
        <Choice
          label={`${of} ${t("sorting.measure.trait")}`}
          value={body.name ?? ""}
          options={plain(numbers)}
          change={(name) => put({ name })}
          width={140}
        />
      )}
      {kind === "score" && (
        <Choice
          label={`${of} ${t("sorting.measure.score")}`}
          value={body.id ?? ""}
          options={named(there.scores)}
          change={(id) => put({ id })}
          width={140}
        />
      )}
      {kind === "other" && (
        <Json of={of} value={value.of} change={(next) => change({ ...value, of: next })} />
      )}
    </span>
  );
}

const RULES = ["segment", "did", "did_not", "other"] as const;
type RuleKind = (typeof RULES)[number];

function ruleKind(rule: Rule): RuleKind {
  if ("segment" in rule) return "segment";
  const { event, window, op = "ge", value = 1, ...rest } = (rule.behaviour ?? {}) as Behaviour;
  if (typeof event !== "string" || Object.keys(rest).length > 0) return "other";
  if (window !== undefined && Object.keys(window).some((end) => end !== "from")) return "other";
  if (op === "eq" && value === 0) return "did_not";
  return op === "ge" ? "did" : "other";
}

export function blankRule(kind: RuleKind, there: Vocabulary): Rule {
  const event = firstEvent(there);
  if (kind === "segment") return { segment: { id: Object.keys(there.segments ?? {})[0] ?? "" } };
  if (kind === "did_not") return { behaviour: { event, op: "eq", value: 0 } };
  return { behaviour: { event, op: "ge", value: 1 } };
}

/** A rule: of a segment, of something done, or as text. */
export function RuleField({ of, value, there, change }: Edited<Rule>) {
  const { t } = useTranslation();
  const [raw, setRaw] = useState(false);
  const kind = raw ? "other" : ruleKind(value);
  const body = (value.behaviour ?? {}) as Behaviour;
  const put = (patch: object) => change({ behaviour: { ...body, ...patch } });
  const choose = (next: RuleKind) => {
    setRaw(next === "other");
    if (next !== "other") change(blankRule(next, there));
  };
  return (
    <span className="sorting-fields">
      <Select<RuleKind>
        aria-label={`${of} ${t("sorting.rule")}`}
        value={kind}
        options={RULES.map((one) => ({ value: one, label: t(`sorting.asks.${one}`) }))}
        onChange={choose}
        popupMatchSelectWidth={false}
      />
      {kind === "segment" && (
        <Choice
          label={`${of} ${t("sorting.asks.segment")}`}
          value={(value.segment as { id: string }).id}
          options={named(there.segments)}
          change={(id) => change({ segment: { id } })}
          width={180}
        />
      )}
      {(kind === "did" || kind === "did_not") && (
        <>
          <Choice
            label={`${of} ${t("sorting.event")}`}
            value={body.event ?? ""}
            options={plain(Object.keys(there.events))}
            change={(event) => put({ event })}
            width={160}
          />
          <Days of={of} value={body.window} change={(window) => put({ window })} />
        </>
      )}
      {kind === "did" && (
        <InputNumber
          aria-label={`${of} ${t("sorting.least")}`}
          value={body.value ?? 1}
          min={1}
          precision={0}
          prefix={t("sorting.least")}
          onChange={(least) => put({ op: "ge", value: least ?? 1 })}
          style={{ width: 120 }}
        />
      )}
      {kind === "other" && <Json of={of} value={value} change={change} />}
    </span>
  );
}

function Json({ of, value, change }: { of: string; value: Rule; change: (rule: Rule) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => JSON.stringify(value));
  const [bad, setBad] = useState(false);
  const write = (next: string) => {
    setText(next);
    try {
      const found: unknown = JSON.parse(next);
      const fits = typeof found === "object" && found !== null && !Array.isArray(found);
      setBad(!fits);
      if (fits) change(found as Rule);
    } catch {
      setBad(true);
    }
  };
  return (
    <Input.TextArea
      aria-label={`${of} JSON`}
      className="sorting-json"
      value={text}
      status={bad ? "error" : undefined}
      title={bad ? t("sorting.no_json") : undefined}
      autoSize={{ minRows: 1, maxRows: 6 }}
      onChange={({ target }) => write(target.value)}
    />
  );
}
