import { InputNumber, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AsText } from "../segments/AsText";
import { blank, usualEvent } from "../segments/blanks";
import { Choice } from "../segments/Fields";
import type { Vocabulary } from "../segments/leaves";
import { usualCurrency } from "../segments/questions";
import type { Rule } from "../segments/RuleField";
import { group, leaf } from "../segments/tree";
import type { Measure } from "./asked";

interface Edited {
  /** What it is of, to be told from others: line 2. */
  of: string;
  value: Measure;
  there: Vocabulary;
  change: (value: Measure) => void;
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
      onChange={(days) => change(days ? { from: { ago: days } } : {})}
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

export function blankMeasure(kind: MeasureKind, there: Vocabulary): Measure {
  const event = usualEvent(there);
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
      const currency = usualCurrency(there);
      const money = { event, measure: "sum", field: "amount", currency };
      return { of: { behaviour: { ...money, window: { from: { ago: 365 } } } } };
    }
  }
}

/** A number of every profile. */
export function MeasureField({ of, value, there, change }: Edited) {
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
        <AsText tree={value.of} rows={2} change={(next) => change({ ...value, of: next })} />
      )}
    </span>
  );
}

/** A rule that is yet to be said: the usual event, lately. */
export function blankRule(there: Vocabulary): Rule {
  const { is, body } = blank("behaviour", there);
  return { node: group("and", [leaf(is, body)]) };
}
