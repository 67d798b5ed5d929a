import { DeleteOutlined, MinusOutlined, PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Asked } from "./Asked";
import type { Edited } from "./bench";
import { useThere } from "./bench";
import { condition } from "./blanks";
import { Choice, Length } from "./Fields";
import type { Condition, Kind, Span, Step, Tested, Window } from "./leaves";
import {
  fieldsOf,
  MEASURES,
  type Measure,
  measured,
  plainField,
  reads,
  usualCurrency,
} from "./questions";
import { When } from "./When";

const ANY = "\u0000any";

/** Which event: one of those that were seen, or any. */
export function EventChoice({
  event,
  change,
}: {
  event: string | null;
  change: (event: string | null) => void;
}) {
  const { t } = useTranslation();
  const there = useThere();
  const names = Object.keys(there.events).map((name) => ({ value: name, label: name }));
  return (
    <Choice
      label={t("segments.event")}
      value={event ?? ANY}
      width={180}
      options={[{ value: ANY, label: t("segments.any_event") }, ...names]}
      change={(name) => change(name === ANY ? null : name)}
    />
  );
}

function useFieldName(): (field: string) => string {
  const { t } = useTranslation();
  return (field) => plainField(field) || t(`segments.fields.${field}`);
}

interface Picked {
  event: string | null;
  field: string;
  kinds?: Kind[];
  change: (field: string, kind: Kind) => void;
}

function FieldChoice({ event, field, kinds, change }: Picked) {
  const { t } = useTranslation();
  const there = useThere();
  const name = useFieldName();
  const fields = fieldsOf(event, there);
  const fitting = Object.entries(fields).filter(([, kind]) => !kinds || kinds.includes(kind));
  return (
    <Choice
      label={t("segments.field")}
      value={field}
      width={120}
      options={fitting.map(([one]) => ({ value: one, label: name(one) }))}
      change={(one) => change(one, fields[one] ?? "string")}
    />
  );
}

function Currency({ value, change }: { value: string; change: (currency: string) => void }) {
  const { t } = useTranslation();
  const there = useThere();
  return (
    <Choice
      label={t("segments.currency")}
      value={value}
      width={80}
      options={there.currencies.map((one) => ({ value: one, label: one }))}
      change={change}
    />
  );
}

interface Where {
  event: string | null;
  where: Condition[];
  change: (where: Condition[] | undefined) => void;
}

/** What events must hold to be counted: all of it. */
export function Conditions({ event, where, change }: Where) {
  const { t } = useTranslation();
  const there = useThere();
  const fields = fieldsOf(event, there);
  const put = (all: Condition[]) => change(all.length > 0 ? all : undefined);
  const first = Object.keys(fields).find(plainField) ?? "channel";
  const usual = usualCurrency(there);
  return (
    <>
      {where.map((one, at) => (
        // Conditions have no name of their own; none is moved about.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <fieldset className="segments-where" key={at}>
          <legend className="segments-hidden">{t("segments.where_of", { number: at + 1 })}</legend>
          <span className="soft">{t("segments.where")}</span>
          <FieldChoice
            event={event}
            field={one.field}
            change={(field, kind) => put(where.with(at, condition(field, kind, usual)))}
          />
          <Asked
            test={one}
            kind={fields[one.field] ?? kindOfValue(one)}
            past
            change={(test) => put(where.with(at, { ...one, ...test }))}
          />
          {one.field === "amount" && (
            <Currency
              value={one.currency ?? ""}
              change={(currency) => put(where.with(at, { ...one, currency }))}
            />
          )}
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t("segments.remove_where", { number: at + 1 })}
            onClick={() => put(where.toSpliced(at, 1))}
          />
        </fieldset>
      ))}
      <Button
        type="link"
        size="small"
        className="segments-more"
        icon={<PlusOutlined />}
        onClick={() => put([...where, condition(first, fields[first] ?? "string", usual)])}
      >
        {t("segments.add_where")}
      </Button>
    </>
  );
}

function kindOfValue({ value }: Tested): Kind {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "number" ? "number" : typeof one === "boolean" ? "boolean" : "string";
}

interface Does extends Step, Partial<Tested> {
  window?: Window;
  measure?: Measure;
  field?: string;
  currency?: string;
  less?: Step | null;
}

const WAYS = ["did", "did_not", ...MEASURES] as const;
type Way = (typeof WAYS)[number];

/** What events of a name come to in a time, compared with something. */
export function Behaviour({ body, change }: Edited) {
  const { t } = useTranslation();
  const there = useThere();
  const [counting, count] = useState(false);
  const does = body as unknown as Does;
  const { event, where = [], measure = "count", field = "" } = does;
  const test: Tested = { op: does.op ?? "ge", value: "value" in does ? does.value : 1 };
  const way = counting && measure === "count" ? "count" : wayOf(measure, test);
  const choose = (next: Way) => {
    count(next === "count");
    change(chosen(next, does, usualCurrency(there)));
  };
  const unit =
    measure === "count" ? t("segments.times") : measure === "distinct" ? t("segments.kinds") : "";
  return (
    <>
      <When
        label={t("segments.time")}
        window={does.window ?? {}}
        past
        change={(window) => change({ window: window.from || window.to ? window : undefined })}
      />
      <Choice<Way>
        label={t("segments.measure")}
        value={way}
        options={WAYS.map((one) => ({ value: one, label: t(`segments.measures.${one}`) }))}
        change={choose}
      />
      <EventChoice event={event} change={(one) => change(elsewhere(does, one))} />
      {reads(measure) && (
        <FieldChoice
          event={event}
          field={field}
          kinds={measure === "distinct" ? ["string", "number", "boolean"] : ["number"]}
          change={(one) => {
            const money = one === "amount" ? usualCurrency(there) : undefined;
            change({ field: one, currency: money });
          }}
        />
      )}
      {way !== "did" && way !== "did_not" && (
        <Asked
          test={test}
          kind={test.op === "during" ? "datetime" : "number"}
          ops={measured(measure)}
          unit={unit}
          past
          change={({ op, value }) => change({ op, value })}
        />
      )}
      {reads(measure) && field === "amount" && (
        <Currency value={does.currency ?? ""} change={(currency) => change({ currency })} />
      )}
      <Conditions event={event} where={where} change={(next) => change({ where: next })} />
      {measure === "sum" && (
        <Less less={does.less ?? undefined} change={(less) => change({ less })} />
      )}
    </>
  );
}

/** What is taken off a sum: that of other events, as refunds. */
function Less({ less, change }: { less?: Step; change: (less: Step | undefined) => void }) {
  const { t } = useTranslation();
  const there = useThere();
  const refund = Object.keys(there.events).find((name) => /refund/i.test(name)) ?? "";
  if (!less) {
    return (
      <Button
        type="link"
        size="small"
        className="segments-more"
        icon={<MinusOutlined />}
        onClick={() => change({ event: refund })}
      >
        {t("segments.add_less")}
      </Button>
    );
  }
  return (
    <fieldset className="segments-where">
      <legend className="segments-hidden">{t("segments.less")}</legend>
      <span className="soft">{t("segments.less")}</span>
      <EventChoice event={less.event} change={(event) => change({ event })} />
      <Button
        type="text"
        icon={<DeleteOutlined />}
        aria-label={t("segments.remove_less")}
        onClick={() => change(undefined)}
      />
      <Conditions
        event={less.event}
        where={less.where ?? []}
        change={(where) => change(where ? { event: less.event, where } : { event: less.event })}
      />
    </fieldset>
  );
}

function wayOf(measure: Measure, { op, value }: Tested): Way {
  if (measure !== "count") return measure;
  if (op === "ge" && value === 1) return "did";
  return op === "eq" && value === 0 ? "did_not" : "count";
}

/** The members of a behaviour that is measured in another way. */
function chosen(way: Way, before: Does, currency: string): Record<string, unknown> {
  const plain = { measure: undefined, field: undefined, currency: undefined, less: undefined };
  if (way === "did") return { ...plain, op: undefined, value: undefined };
  if (way === "did_not") return { ...plain, op: "eq", value: 0 };
  if (way === "count") return { ...plain, op: "ge", value: 2 };
  if (way === "first" || way === "last") {
    return { ...plain, measure: way, op: "during", value: { from: { ago: 30, unit: "day" } } };
  }
  const numbers = typeof before.value === "number" && before.op !== "during";
  const test = numbers ? { op: before.op ?? "ge", value: before.value } : { op: "ge", value: 1 };
  if (way === "distinct") return { ...plain, measure: way, field: "channel", ...test };
  const kept = before.field && reads(before.measure) && before.measure !== "distinct";
  const read = kept
    ? { field: before.field, currency: before.currency }
    : { field: "amount", currency };
  const less = way === "sum" ? before.less : undefined;
  return { measure: way, ...read, ...test, less };
}

/** What is left of a behaviour when it is about another event: its properties are of the old one. */
function elsewhere(does: Does, event: string | null): Record<string, unknown> {
  const where = (does.where ?? []).filter((one) => !plainField(one.field));
  const field = plainField(does.field ?? "") ? "" : does.field;
  return { event, where: where.length > 0 ? where : undefined, field };
}

/** One event by its name, and what it must hold. */
export function StepFields({ step, change }: { step: Step; change: (step: Step) => void }) {
  const { event } = step;
  return (
    <>
      <EventChoice event={event} change={(next) => change({ event: next })} />
      <Conditions
        event={event}
        where={step.where ?? []}
        change={(where) => change(where ? { event, where } : { event })}
      />
    </>
  );
}

interface Follows {
  first: Step;
  then: Step;
  within?: Span | null;
  window?: Window;
  followed?: boolean;
}

/** One event after another, or without another. */
export function Sequence({ body, change }: Edited) {
  const { t } = useTranslation();
  const { first, then, within, window = {}, followed = true } = body as unknown as Follows;
  const step = (name: "first" | "then", now: Step) => (
    <StepFields step={now} change={(next) => change({ [name]: next })} />
  );
  return (
    <>
      <When
        label={t("segments.time")}
        window={window}
        past
        change={(next) => change({ window: next.from || next.to ? next : undefined })}
      />
      <span>{t("segments.did_first")}</span>
      {step("first", first)}
      <span className="segments-break" />
      <Choice
        label={t("segments.limit")}
        value={within ? "within" : "whenever"}
        options={[
          { value: "within", label: t("segments.within") },
          { value: "whenever", label: t("segments.whenever") },
        ]}
        change={(way) =>
          change({ within: way === "within" ? { amount: 7, unit: "day" } : undefined })
        }
      />
      {within && (
        <Length
          label={t("segments.how_long")}
          span={within}
          change={(span) => change({ within: span })}
        />
      )}
      <Choice
        label={t("segments.followed")}
        value={followed ? "then" : "never"}
        options={[
          { value: "then", label: t("segments.then_did") },
          { value: "never", label: t("segments.never_did") },
        ]}
        change={(way) => change({ followed: way === "then" ? undefined : false })}
      />
      {step("then", then)}
    </>
  );
}
