import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Pin } from "../boards/pins";
import { useSpoken } from "../i18n";
import { ExportButton } from "../shell/ExportButton";
import { useMedia } from "../shell/media";
import { type Column, Rows } from "../shell/Rows";
import { type Cell, type Table, tableFile } from "./asked";
import { stepName } from "./drawing";
import { NUMBERS, type Show } from "./figures";
import type { Body } from "./parameters";
import { cellOf, type Order, sorted, turned } from "./rows";
import { spoken, type Words } from "./words";

/** Pixels of columns by kind. */
const WIDTHS: Record<string, number> = {
  text: 320,
  event: 190,
  group: 190,
  step: 64,
  flag: 100,
};
const [USUAL, MIDDLE, NARROWEST] = [130, 126, 110];
/** So many pixels of a narrow page may stay where they are while the rest moves aside. */
const KEPT = 190;
/** Kinds that are sentences as often as words. */
const WORDY = ["text", "word"];
const WRAPPED = ["event", "group"];
const NARROW = "(max-width: 800px)";

interface Shown {
  name: string;
  asked: Body;
  table: Table;
  words: Words;
  show: Show;
  currency: string;
  look?: (cell: Cell) => void;
}

type Row = { at: number; cells: unknown[] };

/** A table of an answer: sorted by any column, its counts lead to the profiles behind them. */
export function Numbers({ name, asked, table, words, show, currency, look }: Shown) {
  const { t } = useTranslation();
  const language = useSpoken();
  const [order, sort] = useState<Order>();
  const title = spoken(words.tables, table.name, language);
  const rows = useMemo(
    () => sorted(table.rows, order).map((cells, at) => ({ at, cells })),
    [table, order],
  );
  const narrow = useMedia(NARROW);
  const width = (kind: string) =>
    narrow ? Math.min(WIDTHS[kind] ?? NARROWEST, MIDDLE) : (WIDTHS[kind] ?? USUAL);
  const kept = keptOf(table, width);
  const columns = table.columns.map((column, at): Column<Row> => {
    const called = spoken(words.columns, column.name, language);
    const money = column.kind === "money";
    return {
      key: column.name,
      title: money ? `${called} (${currency})` : called,
      width: width(column.kind),
      kept: kept.includes(column.name),
      wrap: WORDY.includes(column.kind) || (narrow && WRAPPED.includes(column.kind)),
      number: NUMBERS.includes(column.kind),
      sorted: order?.column === at ? order.way : undefined,
      sort: () => sort((now) => turned(now, at)),
      show: ({ cells }) => {
        const value = cells[at];
        // The unit stands once, in the title.
        const shown = show(money ? "number" : column.kind, value, column.name);
        if (!column.drill || !look || typeof value !== "number" || value === 0) return shown;
        const open = () => look(cellOf(table, cells, column.name));
        return (
          <button
            type="button"
            className="link analytics-drill"
            aria-label={t("analytics.behind_of", { count: shown, name: called })}
            onClick={open}
          >
            {shown}
          </button>
        );
      },
    };
  });
  const from = () => tableFile(name, asked, table.name);
  return (
    <section className="panel">
      <div className="analytics-head">
        <h2>{title}</h2>
        <span className="analytics-tools">
          <ExportButton files={[{ label: "CSV", name: `${name}-${table.name}.csv`, from }]} />
          <Pin show="table" name={table.name} what={title} />
        </span>
      </div>
      <Rows
        label={title}
        columns={columns}
        rows={rows}
        rowKey={({ at }) => String(at)}
        height="480px"
      />
    </section>
  );
}

/** The columns that say what a row is about, as many as leave room for others. */
function keptOf(table: Table, width: (kind: string) => number): string[] {
  const keys = table.columns.filter(({ key }) => key);
  const step = keys.length === 1 && keys[0]?.kind === "step" ? stepName(table) : undefined;
  let room = KEPT;
  return [...keys, ...(step ? [step] : [])].flatMap(({ name, kind }) => {
    room -= width(kind);
    return room >= 0 ? [name] : [];
  });
}
