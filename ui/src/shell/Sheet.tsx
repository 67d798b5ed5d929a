import { ArrowDownOutlined, ArrowUpOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import "./sheet.css";

export interface Cell<Row> {
  key: string;
  title: string;
  show: (row: Row) => ReactNode;
  number?: boolean;
  /** The name of the row: its header for who cannot see, its headline on a phone. */
  head?: boolean;
  /** Which way it is sorted now, and what a click on its title does. */
  sorted?: "up" | "down";
  sort?: () => void;
}

interface Shown<Row> {
  label: string;
  columns: Cell<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
}

/** A table of some dozens of rows, which on a phone becomes a list of cards. */
export function Sheet<Row>({ label, columns, rows, rowKey }: Shown<Row>) {
  return (
    <table className="sheet" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.key}
              scope="col"
              className={column.number ? "number" : undefined}
              aria-sort={column.sorted && (column.sorted === "up" ? "ascending" : "descending")}
            >
              {column.sort ? (
                <button type="button" onClick={column.sort}>
                  {column.title} {column.sorted === "up" && <ArrowUpOutlined />}
                  {column.sorted === "down" && <ArrowDownOutlined />}
                </button>
              ) : (
                column.title
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) => {
              const content = column.show(row);
              if (column.head) {
                return (
                  <th key={column.key} scope="row">
                    {content}
                  </th>
                );
              }
              return (
                <td
                  key={column.key}
                  className={column.number ? "number" : undefined}
                  data-title={column.title}
                >
                  {content}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
