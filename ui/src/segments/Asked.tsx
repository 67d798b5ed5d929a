import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { Amount, Choice, Text } from "./Fields";
import type { Kind, Tested, Window } from "./leaves";
import { asked, choiceOf, choices } from "./questions";
import { When } from "./When";

interface Shown {
  test: Tested;
  kind: Kind;
  change: (test: Tested) => void;
  /** Of a number: degrees, times, yuan. */
  unit?: string;
  /** The questions to choose from, where not all of the kind. */
  ops?: string[];
  past?: boolean;
}

/** A question about one value, and what it is compared with. */
export function Asked({ test, kind, change, unit, ops, past }: Shown) {
  const { t } = useTranslation();
  const all = ops ?? choices(kind);
  return (
    <>
      <Choice
        label={t("segments.op")}
        value={choiceOf(test)}
        options={all.map((op) => ({ value: op, label: t(`segments.ops.${op}`) }))}
        change={(choice) => change(asked(test, choice, kind))}
      />
      <Value test={test} kind={kind} change={change} unit={unit} past={past} />
    </>
  );
}

function Value({ test, kind, change, unit, past }: Shown) {
  const { t } = useTranslation();
  const { op, value } = test;
  const label = t("segments.value");
  const put = (next: unknown) => change({ ...test, value: next });
  if (op === "exists") return null;
  if (op === "during") {
    return (
      <When label={t("segments.time")} window={(value ?? {}) as Window} past={past} change={put} />
    );
  }
  if (op === "in" || op === "not_in") {
    return <Many values={(value ?? []) as (string | number)[]} kind={kind} change={put} />;
  }
  if (op === "between") {
    const [low = 0, high = 0] = (value ?? []) as number[];
    return (
      <>
        <Amount label={t("segments.low")} value={low} change={(one) => put([one, high])} />
        <span>{t("segments.to")}</span>
        <Amount
          label={t("segments.high")}
          value={high}
          unit={unit}
          change={(one) => put([low, one])}
        />
      </>
    );
  }
  if (typeof value === "boolean") {
    const truths = ["true", "false"] as const;
    return (
      <Choice
        label={label}
        value={String(value)}
        options={truths.map((one) => ({ value: one, label: t(`segments.truth.${one}`) }))}
        change={(one) => put(one === "true")}
      />
    );
  }
  if (typeof value === "number") {
    return <Amount label={label} value={value} unit={unit} change={put} />;
  }
  return <Text label={label} value={String(value ?? "")} change={put} />;
}

interface Listed {
  values: (string | number)[];
  kind: Kind;
  change: (values: (string | number)[]) => void;
}

/** Several values, each typed and ended with Enter or a comma. */
function Many({ values, kind, change }: Listed) {
  const { t } = useTranslation();
  const read = (texts: string[]) =>
    kind === "number"
      ? texts
          .filter((one) => one.trim() !== "")
          .map(Number)
          .filter(Number.isFinite)
      : texts;
  return (
    <Select<string[]>
      mode="tags"
      className="segments-many"
      aria-label={t("segments.value")}
      placeholder={t("segments.values_hint")}
      value={values.map(String)}
      tokenSeparators={[",", "\uff0c", "\n"]}
      open={false}
      suffixIcon={null}
      onChange={(texts) => change(read(texts))}
    />
  );
}
