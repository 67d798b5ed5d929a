import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, InputNumber, Select } from "antd";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { Naming } from "../named/Naming";
import type { Vocabulary } from "../segments/leaves";
import { finished, type Rule, RuleField, ruleOf, treeOf } from "../segments/RuleField";
import type { Line, Measure } from "./asked";
import type { Editing } from "./Desk";
import { blankMeasure, blankRule, MeasureField } from "./Fields";

interface Draft {
  key: number;
  points: number;
  title: string;
  /** Points for who meets this, unless there are points for each unit of an amount. */
  rule: Rule;
  amount?: Measure;
  cap?: number;
}

function begun(key: number, there: Vocabulary, line?: Line): Draft {
  const { points = 5, title = "", amount, cap, rule } = line ?? {};
  return {
    key,
    points,
    title,
    rule: rule ? ruleOf(rule) : blankRule(there),
    amount: amount ?? undefined,
    cap: cap ?? undefined,
  };
}

function lineOf({ points, title, rule, amount, cap }: Draft): Line {
  if (amount) return { points, title, rule: null, amount, cap: cap ?? null };
  return { points, title, rule: treeOf(rule), amount: null, cap: null };
}

/** Makes or changes a score, line by line. */
export function Editor({ kept, there, done }: Editing<"scores">) {
  const { t } = useTranslation();
  const [lines, setLines] = useState<Draft[]>(() =>
    kept ? kept.lines.map((line, key) => begun(key, there, line)) : [begun(0, there)],
  );
  const [floor, setFloor] = useState(kept?.floor ?? null);
  const [cap, setCap] = useState(kept?.cap ?? null);
  const put = useCallback(
    (key: number, next: (line: Draft) => Draft) =>
      setLines((all) => all.map((one) => (one.key === key ? next(one) : one))),
    [],
  );
  const add = () =>
    setLines((all) => [...all, begun(1 + Math.max(0, ...all.map(({ key }) => key)), there)]);
  const ready = lines.length > 0 && lines.every(({ amount, rule }) => amount || finished(rule));
  return (
    <Naming
      kind="scores"
      kept={kept}
      said={{ floor, cap, lines: lines.map(lineOf) }}
      blocked={!ready}
      done={done}
      cancel={done}
    >
      <ol className="sorting-lines">
        {lines.map((line, at) => (
          <li key={line.key}>
            <OneLine line={line} number={at + 1} there={there} put={put}>
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t("sorting.without_line", { number: at + 1 })}
                onClick={() => setLines((all) => all.filter((one) => one.key !== line.key))}
              />
            </OneLine>
          </li>
        ))}
      </ol>
      <div className="sorting-fields">
        <Button icon={<PlusOutlined />} onClick={add}>
          {t("sorting.add_line")}
        </Button>
        <InputNumber
          aria-label={t("sorting.floor")}
          placeholder={t("sorting.floor")}
          value={floor}
          onChange={setFloor}
        />
        <InputNumber
          aria-label={t("sorting.cap")}
          placeholder={t("sorting.cap")}
          value={cap}
          onChange={setCap}
        />
      </div>
    </Naming>
  );
}

interface Shown {
  line: Draft;
  number: number;
  there: Vocabulary;
  put: (key: number, next: (line: Draft) => Draft) => void;
  /** What takes it away. */
  children: React.ReactNode;
}

function OneLine({ line, number, there, put, children }: Shown) {
  const { t } = useTranslation();
  const { key, amount } = line;
  const of = t("sorting.line", { number });
  const patch = (some: Partial<Draft>) => put(key, (one) => ({ ...one, ...some }));
  const ruled = useCallback(
    (next: (rule: Rule) => Rule) => put(key, (one) => ({ ...one, rule: next(one.rule) })),
    [key, put],
  );
  return (
    <fieldset className="sorting-line" aria-label={of}>
      <div className="sorting-fields">
        <InputNumber
          aria-label={`${of} ${t("sorting.points")}`}
          value={line.points}
          prefix={t("sorting.points")}
          onChange={(points) => patch({ points: points ?? 0 })}
          style={{ width: 130 }}
        />
        <Select
          aria-label={`${of} ${t("sorting.shape.of")}`}
          value={amount ? "amount" : "rule"}
          options={(["rule", "amount"] as const).map((value) => ({
            value,
            label: t(`sorting.shape.${value}`),
          }))}
          popupMatchSelectWidth={false}
          onChange={(shape) =>
            patch({ amount: shape === "amount" ? blankMeasure("times", there) : undefined })
          }
        />
        {amount && (
          <>
            <MeasureField
              of={of}
              value={amount}
              there={there}
              change={(next) => patch({ amount: next })}
            />
            <InputNumber
              aria-label={`${of} ${t("sorting.line_cap")}`}
              placeholder={t("sorting.line_cap")}
              value={line.cap ?? null}
              min={0.001}
              onChange={(most) => patch({ cap: most ?? undefined })}
            />
            <InputNumber
              aria-label={`${of} ${t("sorting.half_life")}`}
              placeholder={t("sorting.half_life")}
              value={amount.half_life ?? null}
              min={0.1}
              onChange={(days) => patch({ amount: { ...amount, half_life: days } })}
            />
          </>
        )}
        <Input
          aria-label={`${of} ${t("sorting.title")}`}
          placeholder={t("sorting.title")}
          value={line.title}
          maxLength={100}
          onChange={({ target }) => patch({ title: target.value })}
          style={{ width: 150 }}
        />
        {children}
      </div>
      {!amount && <RuleField rule={line.rule} there={there} change={ruled} />}
    </fieldset>
  );
}
