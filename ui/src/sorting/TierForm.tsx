import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, InputNumber, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Vocabulary } from "../segments/leaves";
import type { Measure, Rule, Scheme } from "./asked";
import { blankMeasure, blankRule, MeasureField, RuleField } from "./Fields";
import { Naming } from "./Kept";

interface Row {
  key: number;
  name: string;
  /** Where it begins: a number, or a percentage of all that lie below. */
  edge: number | null;
  rule: Rule | null;
}

interface Metric {
  key: number;
  measure: Measure;
  weight: number;
}

const WAYS = ["metric", "composite", "rules"] as const;

/** Makes or changes a scheme of tiers, the highest on top. */
export function Editor({
  kept,
  there,
  done,
}: {
  kept?: Scheme;
  there: Vocabulary;
  done: (saved?: Scheme) => void;
}) {
  const { t } = useTranslation();
  const [by, setBy] = useState<Scheme["by"]>(kept?.by ?? "metric");
  const [shared, share] = useState((kept?.shares.length ?? 0) > 0);
  const [rows, setRows] = useState<Row[]>(() => begun(kept, t));
  const [metrics, setMetrics] = useState<Metric[]>(() =>
    kept?.metrics.length
      ? kept.metrics.map(({ measure, weight }, key) => ({ key, measure, weight: weight ?? 1 }))
      : [{ key: 0, measure: blankMeasure("money", there), weight: 1 }],
  );
  const [grace, setGrace] = useState(kept?.grace ?? 0);
  const put = (key: number, patch: Partial<Row>) =>
    setRows((all) => all.map((one) => (one.key === key ? { ...one, ...patch } : one)));
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
      rule: by === "rules" && at > 0 ? (row.rule ?? blankRule("did", there)) : null,
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
  return (
    <Naming kind="tiers" kept={kept} said={said as never} done={done}>
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
            <OneTier {...{ row, at, by, shared, there }} put={(patch) => put(row.key, patch)} />
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t("sorting.without_tier", { name: row.name })}
              disabled={rows.length <= 2}
              onClick={() => setRows((all) => all.filter(({ key }) => key !== row.key))}
            />
          </li>
        ))}
      </ol>
      <Button
        icon={<PlusOutlined />}
        onClick={() =>
          setRows((all) => [...all, { key: next(all), name: "", edge: null, rule: null }])
        }
      >
        {t("sorting.add_tier")}
      </Button>
    </Naming>
  );
}

function begun(kept: Scheme | undefined, t: (key: string) => string): Row[] {
  if (kept) {
    return kept.tiers.map(({ name, rule }, key) => {
      const part = kept.shares[key - 1];
      const edge = part === undefined ? kept.cuts[key - 1] : Math.round(part * 10_000) / 100;
      return { key, name, rule: (rule as Rule | null) ?? null, edge: edge ?? null };
    });
  }
  const names = [t("sorting.example.low"), t("sorting.example.middle"), t("sorting.example.high")];
  return names.map((name, key) => ({
    key,
    name,
    edge: [null, 100, 1000][key] ?? null,
    rule: null,
  }));
}

interface TierShown {
  row: Row;
  at: number;
  by: Scheme["by"];
  shared: boolean;
  there: Vocabulary;
  put: (patch: Partial<Row>) => void;
}

function OneTier({ row, at, by, shared, there, put }: TierShown) {
  const { t } = useTranslation();
  const of = t("sorting.tier_of", { number: at + 1 });
  return (
    <span className="sorting-fields">
      <Input
        aria-label={`${of} ${t("sorting.name")}`}
        value={row.name}
        maxLength={100}
        onChange={({ target }) => put({ name: target.value })}
        style={{ width: 150 }}
      />
      {at === 0 && <span className="soft">{t("sorting.lowest")}</span>}
      {at > 0 && by !== "rules" && (
        <InputNumber
          aria-label={`${of} ${t(shared ? "sorting.below" : "sorting.from")}`}
          prefix={t(shared ? "sorting.below" : "sorting.from")}
          suffix={shared ? "%" : undefined}
          value={row.edge}
          onChange={(edge) => put({ edge })}
          style={{ width: 200 }}
        />
      )}
      {at > 0 && by === "rules" && (
        <RuleField
          of={of}
          value={row.rule ?? blankRule("did", there)}
          there={there}
          change={(rule) => put({ rule })}
        />
      )}
    </span>
  );
}
