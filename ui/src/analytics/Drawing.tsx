import { useMemo } from "react";
import { chartName } from "../boards/arrange";
import { Pin } from "../boards/pins";
import { Chart } from "../charts/Chart";
import { useSpoken } from "../i18n";
import { useLook } from "../shell/look";
import { useMedia } from "../shell/media";
import type { Cell, Drawing as Kind, Table } from "./asked";
import { drawn } from "./drawing";
import type { Show } from "./figures";
import { cellOf } from "./rows";
import { spoken, type Words } from "./words";

const NARROW = "(max-width: 800px)";

/** So many names of columns stand in a title; the legend has them all. */
const NAMED = 3;

interface Shown {
  chart: Kind;
  table: Table;
  words: Words;
  show: Show;
  currency: string;
  /** Opens who is behind a number, where they can be listed. */
  look?: (cell: Cell) => void;
}

/** The table, and what is drawn of it. */
function useTitle({ y }: Kind, table: Table, words: Words, currency: string): string {
  const language = useSpoken();
  const title = spoken(words.tables, table.name, language);
  const names = y.map((one) => spoken(words.columns, one, language)).filter((one) => one !== title);
  const told = [title, ...(names.length > NAMED ? [] : names)].join(" · ");
  const money = table.columns.some(({ name, kind }) => y.includes(name) && kind === "money");
  return money ? `${told} (${currency})` : told;
}

/** A chart of an answer; a click on what counts profiles leads to them. */
export function Drawing({ chart, table, words, show, currency, look }: Shown) {
  const language = useSpoken();
  const { shade } = useLook();
  const narrow = useMedia(NARROW);
  const made = useMemo(() => {
    const name = (column: string) => spoken(words.columns, column, language);
    return drawn(chart, table, { show, name, shade, narrow });
  }, [chart, table, words, show, language, shade, narrow]);
  const column = table.columns.find(({ name }) => name === chart.y[0]);
  const pick = (datum: unknown) => {
    const row = table.rows[(datum as { row?: number } | undefined)?.row ?? -1];
    if (row && column?.drill) look?.(cellOf(table, row, column.name));
  };
  const title = useTitle(chart, table, words, currency);
  return (
    <section className="panel" data-chart={chart.kind}>
      <Pin show="chart" name={chartName(chart)} what={title} />
      <h2>{title}</h2>
      <Chart title={title} {...made} pick={pick} />
    </section>
  );
}
