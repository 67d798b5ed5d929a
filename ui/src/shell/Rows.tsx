import { ArrowDownOutlined, ArrowUpOutlined } from "@ant-design/icons";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Spin } from "antd";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import "./rows.css";

export interface Column<Row> {
  key: string;
  title: string;
  show: (row: Row) => ReactNode;
  /** In pixels. */
  width?: number;
  number?: boolean;
  /** It stays in sight while the others move aside. */
  kept?: boolean;
  /** Long texts go on in the next line instead of being cut. */
  wrap?: boolean;
  /** Which way it is sorted now, and what a click does. */
  sorted?: "up" | "down";
  sort?: () => void;
}

interface Shown<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** Asks for the next page, where there is one. */
  more?: () => void;
  busy?: boolean;
  /** Of the place on screen; rows outside it are not drawn. */
  height?: string;
}

const ROW_PX = 44;
const AHEAD = 12;
const USUAL_PX = 160;
/** So few are all drawn: they can be searched for, printed and read out. */
const FEW = 60;

/** A table of any length: only what is seen is drawn, the next page is asked for in time. */
export function Rows<Row>({ label, columns, rows, rowKey, more, busy, height }: Shown<Row>) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: () => ROW_PX,
    overscan: AHEAD,
  });
  const few = rows.length <= FEW;
  const seen = few ? rows.map((_, index) => ({ index })) : virtual.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && !busy && rows.length > 0 && last >= rows.length - AHEAD) more();
  }, [more, busy, last, rows.length]);
  const drawn = few ? [] : virtual.getVirtualItems();
  const above = drawn[0]?.start ?? 0;
  const below = few ? 0 : virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0);
  const width = columns.reduce((sum, column) => sum + (column.width ?? USUAL_PX), 0);
  const edges = keptFrom(columns);
  return (
    <section
      ref={place}
      className="rows"
      style={{ maxHeight: height ?? "calc(100vh - 270px)" }}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
      tabIndex={0}
    >
      <table style={{ minWidth: width }} aria-rowcount={more ? -1 : rows.length + 1}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={{ width: column.width ?? USUAL_PX }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} left={edges.get(column.key)} />
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr style={{ height: above }} />}
          {seen.map(({ index }) => {
            const row = rows[index] as Row;
            return (
              <tr key={rowKey(row)} aria-rowindex={index + 2} style={{ height: ROW_PX }}>
                {columns.map((column) => (
                  <td key={column.key} {...placed(column, edges.get(column.key))}>
                    {column.show(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {below > 0 && <tr style={{ height: below }} />}
        </tbody>
      </table>
      {busy && (
        <div className="rows-busy">
          <Spin size="small" /> {t("shell.more")}
        </div>
      )}
    </section>
  );
}

/** How far from the left edge columns stay that are kept. */
function keptFrom<Row>(columns: Column<Row>[]): Map<string, number> {
  let left = 0;
  return new Map(
    columns.flatMap(({ key, kept, width = USUAL_PX }): [string, number][] => {
      if (!kept) return [];
      left += width;
      return [[key, left - width]];
    }),
  );
}

function placed<Row>({ number, kept, wrap }: Column<Row>, left: number | undefined) {
  const className =
    [number && "number", kept && "kept", wrap && "wrap"].filter(Boolean).join(" ") || undefined;
  return { className, style: kept ? { left } : undefined };
}

function Head<Row>({ column, left }: { column: Column<Row>; left: number | undefined }) {
  const told = column.sorted && (column.sorted === "up" ? "ascending" : "descending");
  const arrow =
    column.sorted && (column.sorted === "up" ? <ArrowUpOutlined /> : <ArrowDownOutlined />);
  return (
    <th scope="col" {...placed(column, left)} aria-sort={told}>
      {column.sort ? (
        <button type="button" onClick={column.sort}>
          {column.title} {arrow}
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}
