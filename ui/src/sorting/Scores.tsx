import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Input, InputNumber, Select } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "../charts/Chart";
import { useVocabulary } from "../segments/asked";
import type { Vocabulary } from "../segments/leaves";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { Temperature } from "../shell/Temperature";
import { Answer, Empty } from "../shell/Told";
import { BAND_COLOURS } from "../shell/theme";
import { type Line, type Score, type Spread, useKept, useSpread } from "./asked";
import { blankMeasure, blankRule, MeasureField, RuleField } from "./Fields";
import { Actions, Naming } from "./Kept";
import { scores as page } from "./page";
import { plain } from "./plain";
import "./sorting.css";

/** Every score, its spread, and its lines. */
export default function Scores() {
  const { t } = useTranslation();
  const found = useKept("scores");
  const there = useVocabulary();
  const [view, setView] = useView(page);
  const [editing, edit] = useState<Score | "new">();
  const close = (saved?: Score) => {
    edit(undefined);
    if (saved) setView({ id: saved.id });
  };
  return (
    <>
      <div className="title">
        <h1>{t("sorting.scores")}</h1>
        <div className="actions">
          <Button type="primary" icon={<PlusOutlined />} onClick={() => edit("new")}>
            {t("sorting.new_score")}
          </Button>
        </div>
        <p>{t("sorting.scores_about")}</p>
      </div>
      <Answer of={there}>
        {(vocabulary) =>
          editing && (
            <Editor
              key={editing === "new" ? "" : editing.id}
              kept={editing === "new" ? undefined : editing}
              there={vocabulary}
              done={close}
            />
          )
        }
      </Answer>
      <Answer of={found}>
        {({ items }) => {
          const one = items.find(({ id }) => id === view.id) ?? items[0];
          if (!one) {
            return (
              <section className="panel">
                <Empty title={t("sorting.no_scores")} next={t("sorting.no_scores_next")} />
              </section>
            );
          }
          return (
            <>
              <Listed items={items} />
              <Shown
                one={one}
                edit={() => edit(one)}
                gone={() => setView({ id: "" }, { replace: true })}
              />
            </>
          );
        }}
      </Answer>
    </>
  );
}

function Listed({ items }: { items: Score[] }) {
  const { t } = useTranslation();
  const columns: Cell<Score>[] = [
    {
      key: "name",
      title: t("sorting.name"),
      head: true,
      show: (one) => (
        <Link to={"/scores" as never} search={{ id: one.id } as never}>
          {one.name}
        </Link>
      ),
    },
    {
      key: "lines",
      title: t("sorting.lines"),
      show: (one) => one.lines.map((line) => line.title || line.sentence).join(t("sorting.comma")),
    },
    {
      key: "used",
      title: t("sorting.used"),
      show: (one) => one.used_by.map(({ name }) => name).join(t("sorting.comma")) || "\u2013",
    },
  ];
  return (
    <section className="panel">
      <Sheet label={t("sorting.scores")} columns={columns} rows={items} rowKey={({ id }) => id} />
    </section>
  );
}

function Shown({ one, edit, gone }: { one: Score; edit: () => void; gone: () => void }) {
  const spread = useSpread(one);
  return (
    <section className="panel" aria-labelledby="sorting-score">
      <h2 id="sorting-score">{one.name}</h2>
      {one.description && <p className="soft">{one.description}</p>}
      <Actions kind="scores" one={one} edit={edit} gone={gone} />
      <Answer of={spread}>{(found) => <Drawn one={one} found={found} />}</Answer>
    </section>
  );
}

function Drawn({ one, found }: { one: Score; found: Spread }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis" },
      xAxis: {
        type: "category",
        data: found.bars.map((bar) => plain(format, bar.low)),
        axisLabel: { hideOverlap: true },
      },
      yAxis: { type: "value", minInterval: 1 },
      series: [
        {
          type: "bar",
          name: t("sorting.profiles"),
          itemStyle: { color: BAND_COLOURS[shade].cool.fill },
          data: found.bars.map((bar) => bar.profiles),
        },
      ],
    }),
    [found, shade, format, t],
  );
  const numbers = useMemo(
    () => ({
      columns: [t("sorting.points_from"), t("sorting.points_to"), t("sorting.profiles")],
      rows: found.bars.map((bar) => [bar.low, bar.high, bar.profiles]),
    }),
    [found, t],
  );
  const lines = one.lines.map((line, at) => ({
    ...line,
    at,
    many: found.lines[at]?.profiles ?? 0,
  }));
  return (
    <>
      <Chart title={t("sorting.spread")} option={option} numbers={numbers} height={240} />
      <p className="soft">
        {found.cuts
          .filter((cut, at, all) => all.findIndex(({ value }) => value === cut.value) === at)
          .map((cut) =>
            t("sorting.cut", { share: format.percent(cut.share), value: plain(format, cut.value) }),
          )
          .join(t("sorting.comma"))}
      </p>
      <div className="panels sorting-two">
        <Sheet
          label={t("sorting.lines")}
          columns={[
            {
              key: "line",
              title: t("sorting.lines"),
              head: true,
              show: (l) => l.title || l.sentence,
            },
            {
              key: "points",
              title: t("sorting.points"),
              number: true,
              show: (l) => `${l.points > 0 ? "+" : ""}${plain(format, l.points)}`,
            },
            {
              key: "many",
              title: t("sorting.profiles"),
              number: true,
              show: (l) => format.count(l.many),
            },
          ]}
          rows={lines}
          rowKey={({ at }) => `${at}`}
        />
        <Sheet
          label={t("sorting.top")}
          columns={[
            {
              key: "id",
              title: t("sorting.top"),
              head: true,
              show: (row) => (
                <Link to={"/profiles/$id" as never} params={{ id: row.id } as never}>
                  {row.id}
                </Link>
              ),
            },
            {
              key: "points",
              title: t("sorting.points"),
              number: true,
              show: (row) => plain(format, row.points),
            },
            {
              key: "temperature",
              title: t("sorting.temperature"),
              show: (row) => <Temperature value={row.temperature} band={row.band} />,
            },
          ]}
          rows={found.top}
          rowKey={({ id }) => id}
        />
      </div>
    </>
  );
}

interface Draft extends Line {
  key: number;
}

function Editor({
  kept,
  there,
  done,
}: {
  kept?: Score;
  there: Vocabulary;
  done: (saved?: Score) => void;
}) {
  const { t } = useTranslation();
  const [lines, setLines] = useState<Draft[]>(() =>
    (kept?.lines ?? [{ points: 10, rule: blankRule("did", there) }]).map(
      (line, key) => ({ ...line, key }) as Draft,
    ),
  );
  const [floor, setFloor] = useState<number | null>(kept?.floor ?? null);
  const [cap, setCap] = useState<number | null>(kept?.cap ?? null);
  const put = (key: number, patch: Partial<Line>) =>
    setLines((all) => all.map((one) => (one.key === key ? { ...one, ...patch } : one)));
  const add = () =>
    setLines((all) => [
      ...all,
      {
        key: Math.max(0, ...all.map((one) => one.key)) + 1,
        points: 5,
        rule: blankRule("did", there),
      } as Draft,
    ]);
  const said = {
    floor,
    cap,
    lines: lines.map(({ points, rule, amount, cap: most, title }) => ({
      points,
      rule: amount ? null : rule,
      amount: amount ?? null,
      cap: amount ? (most ?? null) : null,
      title: title ?? "",
    })),
  };
  return (
    <Naming kind="scores" kept={kept} said={said as never} blocked={lines.length === 0} done={done}>
      <ol className="sorting-lines">
        {lines.map((line, at) => (
          <li key={line.key}>
            <OneLine
              line={line}
              of={t("sorting.line", { number: at + 1 })}
              there={there}
              put={(patch) => put(line.key, patch)}
            />
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t("sorting.without_line", { number: at + 1 })}
              onClick={() => setLines((all) => all.filter((one) => one.key !== line.key))}
            />
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

interface LineShown {
  line: Draft;
  of: string;
  there: Vocabulary;
  put: (patch: Partial<Line>) => void;
}

function OneLine({ line, of, there, put }: LineShown) {
  const { t } = useTranslation();
  const { amount } = line;
  const shapes = (["rule", "amount"] as const).map((value) => ({
    value,
    label: t(`sorting.shape.${value}`),
  }));
  return (
    <span className="sorting-fields">
      <InputNumber
        aria-label={`${of} ${t("sorting.points")}`}
        value={line.points}
        prefix={t("sorting.points")}
        onChange={(points) => put({ points: points ?? 0 })}
        style={{ width: 130 }}
      />
      <Select
        aria-label={`${of} ${t("sorting.shape.of")}`}
        value={amount ? "amount" : "rule"}
        options={shapes}
        popupMatchSelectWidth={false}
        onChange={(shape) =>
          put(
            shape === "amount"
              ? { amount: blankMeasure("times", there), rule: null }
              : { amount: null, rule: blankRule("did", there) },
          )
        }
      />
      {amount ? (
        <>
          <MeasureField
            of={of}
            value={amount}
            there={there}
            change={(next) => put({ amount: next })}
          />
          <InputNumber
            aria-label={`${of} ${t("sorting.line_cap")}`}
            placeholder={t("sorting.line_cap")}
            value={line.cap ?? null}
            min={0.001}
            onChange={(most) => put({ cap: most })}
          />
          <InputNumber
            aria-label={`${of} ${t("sorting.half_life")}`}
            placeholder={t("sorting.half_life")}
            value={amount.half_life ?? null}
            min={0.1}
            onChange={(days) => put({ amount: { ...amount, half_life: days } })}
          />
        </>
      ) : (
        <RuleField of={of} value={line.rule ?? {}} there={there} change={(rule) => put({ rule })} />
      )}
      <Input
        aria-label={`${of} ${t("sorting.title")}`}
        placeholder={t("sorting.title")}
        value={line.title}
        maxLength={100}
        onChange={({ target }) => put({ title: target.value })}
        style={{ width: 150 }}
      />
    </span>
  );
}
