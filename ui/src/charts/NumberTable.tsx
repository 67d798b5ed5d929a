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
    number: typeof rows[0]?.cells[at] === "number",
    show: (row: { cells: (string | number | null)[] }) => row.cells[at],
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
