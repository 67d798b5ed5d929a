import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, InputNumber, Select, Switch } from "antd";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { useSpoken } from "../i18n";
import { Said } from "../refusals/Said";
import { Conditions, EventChoice, StepFields } from "../segments/Events";
import { Choice } from "../segments/Fields";
import type { Condition, Step } from "../segments/leaves";
import { Dimension } from "./Dimension";
import { Missed } from "./Lacking";
import {
  type Body,
  blank,
  type Lack,
  present,
  type Schema,
  titled,
  within,
  worded,
} from "./parameters";
import { RuleFilter } from "./RuleFilter";
import { Steps } from "./Steps";
import { type Edited, useSetting } from "./setting";
import { Tagged } from "./Tagged";

// biome-ignore lint/suspicious/noExplicitAny: each reads values of its own format
type Editor = ComponentType<Edited<any>>;

/** Editors by what the schema calls them. */
const FORMATS: Record<string, Editor> = {
  date: Day,
  event: Event,
  steps: Steps,
  step: OneStep,
  conditions: Where,
  dimension: Dimension,
  rule: RuleFilter,
  channels: Tagged,
  sources: Tagged,
  words: Tagged,
};

function editorOf({ format = "", ...schema }: Schema): Editor {
  const own = FORMATS[format];
  if (own) return own;
  if (schema.enum) return OneOf;
  if (schema.properties) return Several;
  if (schema.type === "array") return schema.items?.enum ? SomeOf : List;
  if (schema.type === "integer" || schema.type === "number") return Numeral;
  return schema.type === "boolean" ? Flag : Text;
}

interface Shown extends Omit<Edited, "label"> {
  /** What it is called where the schema does not say. */
  name: string;
  /** What it names and this pool has not. */
  lacks?: Lack[];
}

const NONE: Lack[] = [];

/** A field of a form: what it is called, its editor, what it is for, and what is wrong with it. */
export function Field({ schema: given, name, lacks = NONE, ...edited }: Shown) {
  const { whole } = useSetting();
  const language = useSpoken();
  const { schema } = present(given, whole);
  const { title, help } = titled(given, language);
  const Editor = editorOf(schema);
  const label = title || name;
  const own = schema.format === "rule" || schema.properties !== undefined;
  const faults = edited.faults.filter(({ where }) => !own || where === "");
  return (
    <div className="analytics-field">
      <span className="analytics-label">{label}</span>
      <Editor {...edited} label={label} schema={schema} />
      {help && <span className="analytics-help">{help}</span>}
      {lacks.map((one) => (
        <span className="analytics-lack" key={one.event ?? one.property}>
          <Missed of={one} />
        </span>
      ))}
      {faults.map(({ where, detail }) => (
        <span className="analytics-fault" role="alert" key={`${where} ${detail}`}>
          <Said text={detail} />
        </span>
      ))}
    </div>
  );
}

function Day({ label, value, change }: Edited<string | null>) {
  return (
    <Input
      type="date"
      className="analytics-day"
      aria-label={label}
      value={value ?? ""}
      onChange={({ target }) => change(target.value || null)}
    />
  );
}

function Event({ value, change }: Edited<string | null>) {
  return <EventChoice event={value} change={change} />;
}

function Where({ value, change }: Edited<Condition[]>) {
  return <Conditions event={null} where={value} change={(next) => change(next ?? [])} />;
}

/** One step; where it may be left out, that is a choice as well. */
function OneStep({ label, schema, value, change }: Edited<Step | null>) {
  const { t } = useTranslation();
  const { whole } = useSetting();
  const optional = schema.default === null;
  if (value === null) {
    return (
      <Button icon={<PlusOutlined />} onClick={() => change(blankStep(schema, whole))}>
        {t("analytics.choose")}
      </Button>
    );
  }
  return (
    <fieldset className="analytics-step">
      <legend className="segments-hidden">{label}</legend>
      <StepFields step={value} change={change} />
      {optional && (
        <Button
          type="text"
          icon={<DeleteOutlined />}
          aria-label={t("analytics.leave_out", { name: label })}
          onClick={() => change(null)}
        />
      )}
    </fieldset>
  );
}

function blankStep({ default: _, ...schema }: Schema, whole: Schema): Step {
  return blank(schema, whole) as Step;
}

function OneOf({ label, schema, value, change }: Edited<string | number>) {
  const language = useSpoken();
  const options = (schema.enum ?? []).map((one) => ({
    value: String(one),
    label: worded(schema, one, language),
  }));
  const put = (text: string) =>
    change((schema.enum ?? []).find((one) => String(one) === text) ?? text);
  return <Choice label={label} value={String(value)} options={options} change={put} />;
}

function SomeOf({ label, schema, value, change }: Edited<(string | number)[]>) {
  const language = useSpoken();
  const { items = {} } = schema;
  const options = (items.enum ?? []).map((one) => ({
    value: one,
    label: worded(items, one, language),
  }));
  return (
    <Select
      mode="multiple"
      aria-label={label}
      placeholder={label}
      value={value}
      options={options}
      onChange={change}
    />
  );
}

/** Fields that belong together; they stand in a row. */
function Several({ label, schema, value, change, faults }: Edited<Body>) {
  return (
    <fieldset className="analytics-row">
      <legend className="segments-hidden">{label}</legend>
      {Object.entries(schema.properties ?? {}).map(([name, field]) => (
        <Field
          key={name}
          name={name}
          schema={field}
          value={value[name]}
          change={(next) => change({ ...value, [name]: next })}
          faults={within(faults, name)}
        />
      ))}
    </fieldset>
  );
}

/** Any number of values of one kind. */
function List({ label, schema, value, change, faults }: Edited<unknown[]>) {
  const { t } = useTranslation();
  const { whole } = useSetting();
  const { schema: item } = present(schema.items ?? {}, whole);
  const Editor = editorOf(item);
  return (
    <div className="analytics-list">
      {value.map((one, at) => (
        // Values have no name of their own; none is moved about.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <span key={at}>
          <Editor
            label={`${label} ${at + 1}`}
            schema={item}
            value={one}
            change={(next) => change(value.with(at, next))}
            faults={within(faults, at)}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t("analytics.leave_out", { name: `${label} ${at + 1}` })}
            onClick={() => change(value.toSpliced(at, 1))}
          />
        </span>
      ))}
      <Button
        type="link"
        size="small"
        icon={<PlusOutlined />}
        disabled={value.length >= (schema.maxItems ?? Number.POSITIVE_INFINITY)}
        onClick={() => change([...value, blank(item, whole)])}
      >
        {t("analytics.add")}
      </Button>
    </div>
  );
}

function Numeral({ label, schema, value, change }: Edited<number | null>) {
  return (
    <InputNumber
      aria-label={label}
      value={value}
      min={schema.minimum}
      max={schema.maximum}
      precision={schema.type === "integer" ? 0 : undefined}
      onChange={change}
    />
  );
}

function Flag({ label, value, change }: Edited<boolean>) {
  return <Switch aria-label={label} checked={value} onChange={change} />;
}

function Text({ label, schema, value, change }: Edited<string | null>) {
  const absent = schema.default === null ? null : "";
  return (
    <Input
      aria-label={label}
      maxLength={schema.maxLength}
      value={value ?? ""}
      onChange={({ target }) => change(target.value || absent)}
    />
  );
}
