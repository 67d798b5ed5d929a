import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { AutoComplete, Button, Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { type Condition, OPS, type Op, type Scalar } from "./ruleset";

const FIELDS = ["name", "channel", "device", "source", "properties."];
const KINDS = ["text", "number", "truth"] as const;
type Kind = (typeof KINDS)[number];

interface Shown {
  conditions: Condition[];
  change: (conditions: Condition[]) => void;
  wrong: (at: number) => string | undefined;
}

/** What an event must hold so that the rule looks at it: all of it. */
export function Conditions({ conditions, change, wrong }: Shown) {
  const { t } = useTranslation();
  const put = (at: number, one: Condition) => change(conditions.with(at, one));
  const begun: Condition = { field: "properties.", op: "eq", value: "" };
  return (
    <fieldset className="rules-conditions">
      <legend>{t("rules.form.conditions")}</legend>
      {conditions.map((condition, at) => (
        <Form.Item
          // Conditions have no name of their own; none is moved about.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          key={at}
          validateStatus={wrong(at) ? "error" : undefined}
          help={wrong(at)}
        >
          <div className="rules-condition">
            <AutoComplete
              aria-label={t("rules.form.field")}
              value={condition.field}
              options={FIELDS.map((value) => ({ value }))}
              onChange={(field: string) => put(at, { ...condition, field: field.trim() })}
            />
            <Select<Op>
              aria-label={t("rules.form.op")}
              value={condition.op}
              options={OPS.map((value) => ({ value, label: t(`rules.form.ops.${value}`) }))}
              onChange={(op) => put(at, asked(condition, op))}
            />
            <Value condition={condition} change={(value) => put(at, { ...condition, value })} />
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t("rules.form.remove_condition")}
              onClick={() => change(conditions.toSpliced(at, 1))}
            />
          </div>
        </Form.Item>
      ))}
      <Button icon={<PlusOutlined />} onClick={() => change([...conditions, begun])}>
        {t("rules.form.add_condition")}
      </Button>
    </fieldset>
  );
}

/** The same question with another comparison, and a value that fits it. */
function asked({ field, value = true }: Condition, op: Op): Condition {
  const one = Array.isArray(value) ? (value[0] ?? "") : value;
  if (op === "exists") return { field, op, value: true };
  if (op === "in" || op === "not_in") return { field, op, value: one === "" ? [] : [one] };
  if (["gt", "ge", "lt", "le"].includes(op)) return { field, op, value: Number(one) || 0 };
  return { field, op, value: one };
}

function kindOf(value: Scalar): Kind {
  return typeof value === "number" ? "number" : typeof value === "boolean" ? "truth" : "text";
}

interface Valued {
  condition: Condition;
  change: (value: Scalar | Scalar[]) => void;
}

function Value({ condition: { op, value = true }, change }: Valued) {
  const { t } = useTranslation();
  const label = t("rules.form.value");
  if (Array.isArray(value)) return <Several values={value} change={change} />;
  if (op === "exists") return <Truth value={value === true} change={change} />;
  if (["gt", "ge", "lt", "le"].includes(op))
    return (
      <InputNumber aria-label={label} value={Number(value)} onChange={(one) => change(one ?? 0)} />
    );
  const kind = kindOf(value);
  const blank = { text: "", number: 0, truth: true };
  return (
    <div className="rules-value">
      <Select<Kind>
        aria-label={t("rules.form.kind")}
        value={kind}
        options={KINDS.map((one) => ({ value: one, label: t(`rules.form.kinds.${one}`) }))}
        onChange={(one) => change(blank[one])}
      />
      {kind === "truth" && <Truth value={value === true} change={change} />}
      {kind === "number" && (
        <InputNumber
          aria-label={label}
          value={Number(value)}
          onChange={(one) => change(one ?? 0)}
        />
      )}
      {kind === "text" && (
        <Input
          aria-label={label}
          value={String(value)}
          onChange={({ target }) => change(target.value)}
        />
      )}
    </div>
  );
}

function Truth({ value, change }: { value: boolean; change: (value: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <Select
      aria-label={t("rules.form.value")}
      value={value}
      options={[
        { value: true, label: t("rules.yes") },
        { value: false, label: t("rules.no") },
      ]}
      onChange={change}
    />
  );
}

/** Several values of one kind: numbers stay numbers where all are. */
function Several({ values, change }: { values: Scalar[]; change: (values: Scalar[]) => void }) {
  const { t } = useTranslation();
  const numbers = values.length > 0 && values.every((one) => typeof one === "number");
  const blank = { text: "text", number: "number" } as const;
  const turned = (texts: string[], to: boolean) =>
    to ? texts.map(Number).filter(Number.isFinite) : texts;
  return (
    <div className="rules-value">
      <Select
        aria-label={t("rules.form.kind")}
        value={numbers ? blank.number : blank.text}
        options={[
          { value: blank.text, label: t("rules.form.kinds.text") },
          { value: blank.number, label: t("rules.form.kinds.number") },
        ]}
        onChange={(kind) => change(turned(values.map(String), kind === "number"))}
      />
      <Select
        mode="tags"
        aria-label={t("rules.form.value")}
        value={values.map(String)}
        onChange={(texts: string[]) => change(turned(texts, numbers))}
      />
    </div>
  );
}
