import { Rows } from "../shell/Rows";
import type { Numbers } from "./Chart";

interface Shown {
  title: string;
  numbers: Numbers;
  height: number;
}

/** The numbers of a chart, to be read. */
export default function NumberTable({ title, numbers, height }: Shown) {
  const rows = numbers.rows.map((cells, key) => ({ key: String(key), cells }));
  const columns = numbers.columns.map((name, at) => ({
    key: name,
    title: name,
    number: rows.some(({ cells }) => typeof cells[at] === "number"),
    show: ({ cells }: { cells: (string | number | null)[] }) => {
      const value = cells[at] ?? null;
      return numbers.show ? numbers.show(value, at) : value;
    },
  }));
  return (
    <Rows
      label={title}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.key}
      height={`${height}px`}
    />
  );
}
