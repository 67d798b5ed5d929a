import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSpoken } from "../i18n";
import { ExportButton } from "../shell/ExportButton";
import { type Column, Rows } from "../shell/Rows";
import { type Cell, type Table, tableFile } from "./asked";
import { NUMBERS, type Show } from "./figures";
import type { Body } from "./parameters";
import { cellOf, type Order, sorted, turned } from "./rows";
import { spoken, type Words } from "./words";

const WIDE = ["text", "event", "group"];

interface Shown {
  name: string;
  asked: Body;
  table: Table;
  words: Words;
  show: Show;
  look?: (cell: Cell) => void;
}

type Row = { at: number; cells: unknown[] };

/** A table of an answer: sorted by any column, its counts lead to the profiles behind them. */
export function Numbers({ name, asked, table, words, show, look }: Shown) {
  const { t } = useTranslation();
  const language = useSpoken();
  const [order, sort] = useState<Order>();
  const title = spoken(words.tables, table.name, language);
  const rows = useMemo(
    () => sorted(table.rows, order).map((cells, at) => ({ at, cells })),
    [table, order],
  );
  const columns = table.columns.map((column, at): Column<Row> => {
    const called = spoken(words.columns, column.name, language);
    return {
      key: column.name,
      title: called,
      width: WIDE.includes(column.kind) ? 190 : 130,
      number: NUMBERS.includes(column.kind),
      sorted: order?.column === at ? order.way : undefined,
      sort: () => sort((now) => turned(now, at)),
      show: ({ cells }) => {
        const value = cells[at];
        const shown = show(column.kind, value);
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
        <ExportButton files={[{ label: "CSV", name: `${name}-${table.name}.csv`, from }]} />
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
