import { Link } from "@tanstack/react-router";
import { Button, Tabs } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Pin } from "../boards/pins";
import { useSpoken } from "../i18n";
import { useThere } from "../segments/bench";
import { useFormat } from "../shell/format";
import { Empty } from "../shell/Told";
import type { Answer, Cell, Item, Table } from "./asked";
import { Drawing } from "./Drawing";
import { type Show, useShow } from "./figures";
import { Numbers } from "./Numbers";
import type { Body } from "./parameters";
import { pieces, spoken } from "./words";

interface Shown {
  item: Item;
  answer: Answer;
  asked: Body;
  look: (cell: Cell) => void;
  again: () => void;
  busy: boolean;
  /** The table that is open, and how another is opened. */
  table: string;
  turn: (table: string) => void;
  /** What an analysis has beside figures and tables. */
  more?: ReactNode;
}

/** How values of this answer are read. */
export function useShown({ words }: Item, answer: Answer): Show {
  const { by } = answer.parameters;
  return useShow({ words, currency: answer.currency, by: typeof by === "string" ? by : "" });
}

/** A figure by itself: the currency of money is small beside it. */
export function Large({ kind, told }: { kind: string; told: string }) {
  const at = kind === "money" ? told.lastIndexOf(" ") : -1;
  if (at < 0) return told;
  return (
    <>
      {told.slice(0, at)} <small className="unit">{told.slice(at + 1)}</small>
    </>
  );
}

/** What an analysis tells: a sentence, figures, charts and tables. */
export function Told(told: Shown) {
  const { item, answer, again, busy } = told;
  const show = useShown(item, answer);
  const nothing = Object.values(answer.figures).every((value) => !value);
  return (
    <div className="analytics-told">
      <Head {...{ item, answer, again, busy, show }} />
      {nothing ? (
        <Nothing />
      ) : (
        <>
          <Figures item={item} answer={answer} show={show} />
          {told.more}
          <Tables {...told} show={show} />
        </>
      )}
    </div>
  );
}

/** Its tables, each with how it is drawn; one is seen at a time. */
function Tables({ item, answer, asked, look, table: chosen, turn, show }: Shown & { show: Show }) {
  const { t } = useTranslation();
  const language = useSpoken();
  const full = answer.tables.filter(({ rows }) => rows.length > 0);
  const named = (name?: string) => full.find((one) => one.name === name);
  const drawn = answer.charts.find(({ table }) => named(table));
  const open = named(chosen) ?? named(drawn?.table) ?? full[0];
  if (!open) return null;
  const shared = {
    words: item.words,
    show,
    look: item.drills ? look : undefined,
    currency: answer.currency,
  };
  const one = (table: Table) => (
    <>
      {answer.charts
        .filter((chart) => chart.table === table.name)
        .map((chart) => {
          const key = `${chart.kind} ${chart.y} ${chart.by}`;
          return <Drawing key={key} chart={chart} table={table} {...shared} />;
        })}
      <Numbers name={item.name} asked={asked} table={table} {...shared} />
    </>
  );
  if (full.length === 1) return one(open);
  return (
    <Tabs
      aria-label={t("analytics.tables")}
      activeKey={open.name}
      onChange={turn}
      destroyOnHidden
      items={full.map((table) => ({
        key: table.name,
        label: spoken(item.words.tables, table.name, language),
        children: one(table),
      }))}
    />
  );
}

type Headed = Pick<Shown, "item" | "answer" | "again" | "busy"> & { show: Show };

/** The sentence of what one sees; of which days, and as of when. */
function Head({ item, answer, again, busy, show }: Headed) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useSpoken();
  const sentence = spoken(item.words.sentences, answer.sentence, language);
  return (
    <section className="panel analytics-sentence" aria-label={t("analytics.sentence")}>
      <p data-sentence={answer.sentence}>
        {pieces(sentence).map((part) =>
          "text" in part ? (
            part.text
          ) : (
            <b key={part.figure}>
              {show(item.words.figures[part.figure]?.[0] ?? "number", answer.figures[part.figure])}
            </b>
          ),
        )}
      </p>
      <div className="analytics-head soft">
        <span>
          {t("analytics.period", { from: answer.from, until: answer.until })} ·{" "}
          {t("analytics.as_of", { at: format.moment(answer.as_of) })}
        </span>
        <Button size="small" onClick={again} loading={busy}>
          {t("analytics.again")}
        </Button>
      </div>
    </section>
  );
}

function Figures({ item, answer, show }: Pick<Headed, "item" | "answer" | "show">) {
  const language = useSpoken();
  const shown = Object.entries(answer.figures).filter(([, value]) => value !== null);
  return (
    <dl className="analytics-figures">
      {shown.map(([name, value]) => {
        const [kind, said] = item.words.figures[name] ?? ["number", undefined];
        return (
          <div className="panel" key={name} data-figure={name}>
            <dt className="soft">
              <Pin show="figure" name={name} what={said?.[language] ?? name} />
              {said?.[language] ?? name}
            </dt>
            <dd className="figure">
              <Large kind={kind} told={show(kind, value)} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** Why there is nothing to see, and what to do next. */
function Nothing() {
  const { t } = useTranslation();
  const there = useThere();
  const bare = Object.keys(there.events).length === 0;
  return (
    <section className="panel">
      <Empty
        title={t(bare ? "analytics.no_events" : "analytics.nothing")}
        next={t(bare ? "analytics.no_events_next" : "analytics.nothing_next")}
        action={
          bare && (
            <Link to={"/sources" as never}>
              <Button type="primary">{t("analytics.to_sources")}</Button>
            </Link>
          )
        }
      />
    </section>
  );
}
