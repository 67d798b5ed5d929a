import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, InputNumber, Segmented } from "antd";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { Naming } from "../named/Naming";
import type { Vocabulary } from "../segments/leaves";
import { finished, type Rule, RuleField, ruleOf, treeOf } from "../segments/RuleField";
import type { Measure, Scheme } from "./asked";
import type { Editing } from "./Desk";
import { blankMeasure, blankRule, MeasureField } from "./Fields";

interface Row {
  key: number;
  name: string;
  /** Where it begins: a number, or a percentage of all that lie below. */
  edge: number | null;
  rule: Rule;
}

interface Metric {
  key: number;
  measure: Measure;
  weight: number;
}

const WAYS = ["metric", "composite", "rules"] as const;

/** Makes or changes a scheme of tiers, the highest on top. */
export function Editor({ kept, there, done }: Editing<"tiers">) {
  const { t } = useTranslation();
  const [by, setBy] = useState<Scheme["by"]>(kept?.by ?? "metric");
  const [shared, share] = useState((kept?.shares.length ?? 0) > 0);
  const [rows, setRows] = useState<Row[]>(() => begun(kept, there, t));
  const [metrics, setMetrics] = useState<Metric[]>(() =>
    kept?.metrics.length
      ? kept.metrics.map(({ measure, weight }, key) => ({ key, measure, weight: weight ?? 1 }))
      : [{ key: 0, measure: blankMeasure("money", there), weight: 1 }],
  );
  const [grace, setGrace] = useState(kept?.grace ?? 0);
  const put = useCallback(
    (key: number, next: (row: Row) => Row) =>
      setRows((all) => all.map((one) => (one.key === key ? next(one) : one))),
    [],
  );
  const measure = (key: number, patch: Partial<Metric>) =>
    setMetrics((all) => all.map((one) => (one.key === key ? { ...one, ...patch } : one)));
  const next = (all: { key: number }[]) => Math.max(0, ...all.map((one) => one.key)) + 1;
  const choose = (way: Scheme["by"]) => {
    setBy(way);
    if (way === "composite" && metrics.length < 2) {
      setMetrics((all) => [
        ...all,
        { key: next(all), measure: blankMeasure("times", there), weight: 1 },
      ]);
    }
  };
  const edges = rows.slice(1).map((row) => row.edge ?? 0);
  const said = {
    by,
    grace,
    tiers: rows.map((row, at) => ({
      name: row.name.trim(),
      rule: by === "rules" && at > 0 ? treeOf(row.rule) : null,
    })),
    metrics:
      by === "rules"
        ? []
        : metrics
            .slice(0, by === "metric" ? 1 : undefined)
            .map(({ measure: of, weight }) => ({ measure: of, weight })),
    cuts: by === "rules" || shared ? [] : edges,
    shares: by !== "rules" && shared ? edges.map((edge) => edge / 100) : [],
  };
  const ready = by !== "rules" || rows.slice(1).every(({ rule }) => finished(rule));
  return (
    <Naming kind="tiers" kept={kept} said={said} blocked={!ready} done={done} cancel={done}>
      <div className="sorting-fields">
        <Segmented
          aria-label={t("sorting.by")}
          value={by}
          options={WAYS.map((value) => ({ value, label: t(`sorting.way.${value}`) }))}
          onChange={choose}
        />
        {by !== "rules" && (
          <Segmented
            aria-label={t("sorting.edges")}
            value={shared ? "shares" : "cuts"}
            options={(["cuts", "shares"] as const).map((value) => ({
              value,
              label: t(`sorting.edge.${value}`),
            }))}
            onChange={(one) => share(one === "shares")}
          />
        )}
        <InputNumber
          aria-label={t("sorting.grace")}
          prefix={t("sorting.grace")}
          suffix={t("sorting.days_unit")}
          value={grace}
          min={0}
          max={730}
          precision={0}
          onChange={(days) => setGrace(days ?? 0)}
          style={{ width: 190 }}
        />
      </div>
      {by !== "rules" && (
        <ol className="sorting-lines">
          {metrics.slice(0, by === "metric" ? 1 : undefined).map((one, at) => (
            <li key={one.key}>
              <MeasureField
                of={t("sorting.metric", { number: at + 1 })}
                value={one.measure}
                there={there}
                change={(value) => measure(one.key, { measure: value })}
              />
              {by === "composite" && (
                <>
                  <InputNumber
                    aria-label={`${t("sorting.metric", { number: at + 1 })} ${t("sorting.weight")}`}
                    prefix={t("sorting.weight")}
                    value={one.weight}
                    onChange={(weight) => measure(one.key, { weight: weight ?? 1 })}
                    style={{ width: 120 }}
                  />
                  <Button
                    type="text"
                    icon={<DeleteOutlined />}
                    aria-label={t("sorting.without_metric", { number: at + 1 })}
                    disabled={metrics.length <= 2}
                    onClick={() => setMetrics((all) => all.filter(({ key }) => key !== one.key))}
                  />
                </>
              )}
            </li>
          ))}
        </ol>
      )}
      {by === "composite" && (
        <Button
          icon={<PlusOutlined />}
          onClick={() =>
            setMetrics((all) => [
              ...all,
              { key: next(all), measure: blankMeasure("times", there), weight: 1 },
            ])
          }
        >
          {t("sorting.add_metric")}
        </Button>
      )}
      <ol className="sorting-lines sorting-upwards">
        {rows.map((row, at) => (
          <li key={row.key}>
            <OneTier {...{ row, at, by, shared, there, put }}>
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t("sorting.without_tier", { name: row.name })}
                disabled={rows.length <= 2}
                onClick={() => setRows((all) => all.filter(({ key }) => key !== row.key))}
              />
            </OneTier>
          </li>
        ))}
      </ol>
      <Button
        icon={<PlusOutlined />}
        onClick={() =>
          setRows((all) => [
            ...all,
            { key: next(all), name: "", edge: null, rule: blankRule(there) },
          ])
        }
      >
        {t("sorting.add_tier")}
      </Button>
    </Naming>
  );
}

function begun(kept: Scheme | undefined, there: Vocabulary, t: (key: string) => string): Row[] {
  if (kept) {
    return kept.tiers.map(({ name, rule }, key) => {
      const part = kept.shares[key - 1];
      const edge = part === undefined ? kept.cuts[key - 1] : Math.round(part * 10_000) / 100;
      return { key, name, rule: rule ? ruleOf(rule) : blankRule(there), edge: edge ?? null };
    });
  }
  const names = [t("sorting.example.low"), t("sorting.example.middle"), t("sorting.example.high")];
  return names.map((name, key) => ({
    key,
    name,
    edge: [null, 100, 1000][key] ?? null,
    rule: blankRule(there),
  }));
}

interface TierShown {
  row: Row;
  at: number;
  by: Scheme["by"];
  shared: boolean;
  there: Vocabulary;
  put: (key: number, next: (row: Row) => Row) => void;
  /** What takes it away. */
  children: React.ReactNode;
}

function OneTier({ row, at, by, shared, there, put, children }: TierShown) {
  const { t } = useTranslation();
  const { key } = row;
  const ruled = useCallback(
    (next: (rule: Rule) => Rule) => put(key, (one) => ({ ...one, rule: next(one.rule) })),
    [key, put],
  );
  const of = t("sorting.tier_of", { number: at + 1 });
  return (
    <fieldset className="sorting-line" aria-label={of}>
      <div className="sorting-fields">
        <Input
          aria-label={`${of} ${t("sorting.name")}`}
          value={row.name}
          maxLength={100}
          onChange={({ target }) => put(key, (one) => ({ ...one, name: target.value }))}
          style={{ width: 150 }}
        />
        {at === 0 && <span className="soft">{t("sorting.lowest")}</span>}
        {at > 0 && by !== "rules" && (
          <InputNumber
            aria-label={`${of} ${t(shared ? "sorting.below" : "sorting.from")}`}
            prefix={t(shared ? "sorting.below" : "sorting.from")}
            suffix={shared ? "%" : undefined}
            value={row.edge}
            onChange={(edge) => put(key, (one) => ({ ...one, edge }))}
            style={{ width: 200 }}
          />
        )}
        {children}
      </div>
      {at > 0 && by === "rules" && <RuleField rule={row.rule} there={there} change={ruled} />}
    </fieldset>
  );
}
