import { Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { type Span, UNITS, type Unit } from "./leaves";

export interface Option {
  value: string;
  label: string;
}

interface Chosen<T extends string> {
  label: string;
  value: T | undefined;
  options: { value: T; label: string }[];
  change: (value: T) => void;
  /** At least so wide, in pixels. */
  width?: number;
}

/** One of several words; many can be searched. */
export function Choice<T extends string>({ label, value, options, change, width }: Chosen<T>) {
  const { t } = useTranslation();
  const known = value === undefined || value === "" || options.some((one) => one.value === value);
  const gone = { value: value as T, label: t("segments.gone", { name: value }) };
  return (
    <Select<T>
      aria-label={label}
      value={value === "" ? undefined : value}
      placeholder={label}
      options={known ? options : [...options, gone]}
      onChange={change}
      showSearch={options.length > 8 ? { optionFilterProp: "label" } : false}
      popupMatchSelectWidth={false}
      style={{ minWidth: width ?? 96 }}
    />
  );
}

interface Several {
  label: string;
  values: string[];
  options: Option[];
  change: (values: string[]) => void;
}

/** Any number of words. */
export function Choices({ label, values, options, change }: Several) {
  const names = new Map(options.map((one) => [one.value, one]));
  const gone = values.filter((one) => !names.has(one)).map((value) => ({ value, label: value }));
  return (
    <Select<string[]>
      mode="multiple"
      className="segments-many"
      aria-label={label}
      value={values}
      placeholder={label}
      options={[...options, ...gone]}
      onChange={change}
      showSearch={{ optionFilterProp: "label" }}
      popupMatchSelectWidth={false}
    />
  );
}

interface Written {
  label: string;
  value: string;
  change: (value: string) => void;
}

export function Text({ label, value, change }: Written) {
  return (
    <Input
      className="segments-text"
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={({ target }) => change(target.value)}
    />
  );
}

interface Counted {
  label: string;
  value: number;
  change: (value: number) => void;
  least?: number;
  unit?: string;
}

export function Amount({ label, value, change, least, unit }: Counted) {
  return (
    <span className="segments-unit">
      <InputNumber
        aria-label={label}
        value={value}
        min={least}
        max={1e12}
        onChange={(one) => one !== null && change(one)}
      />
      {unit && <span>{unit}</span>}
    </span>
  );
}

interface Long {
  label: string;
  span: Span;
  change: (span: Span) => void;
  least?: number;
}

/** A length of time: a number and its unit. */
export function Length({ label, span, change, least = 1 }: Long) {
  const { t } = useTranslation();
  return (
    <span className="segments-unit">
      <InputNumber
        aria-label={label}
        value={span.amount}
        min={least}
        precision={0}
        onChange={(amount) => amount !== null && change({ ...span, amount })}
      />
      <Choice<Unit>
        label={t("segments.unit")}
        value={span.unit ?? "day"}
        width={72}
        options={UNITS.map((unit) => ({ value: unit, label: t(`segments.units.${unit}`) }))}
        change={(unit) => change({ ...span, unit })}
      />
    </span>
  );
}
