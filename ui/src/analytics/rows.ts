import type { Cell, Table } from "./asked";

type Row = Table["rows"][number];

/** One number of a table by the values of its key columns, as the server is asked who is behind. */
export function cellOf(table: Table, row: Row, column: string): Cell {
  const keys = table.columns.flatMap(({ name, key }, at) => (key ? [[name, row[at]]] : []));
  return { table: table.name, column, ...Object.fromEntries(keys) };
}

export interface Order {
  column: number;
  way: "up" | "down";
}

/** The rows in the order of a column; what has no value comes last either way. */
export function sorted(rows: Row[], order: Order | undefined): Row[] {
  if (!order) return rows;
  const sign = order.way === "up" ? 1 : -1;
  return rows.toSorted((one, other) => {
    const [a, b] = [one[order.column], other[order.column]];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * String(a).localeCompare(String(b));
  });
}

/** The order after a click on a column: the most first, then the least, then as it came. */
export function turned(order: Order | undefined, column: number): Order | undefined {
  if (order?.column !== column) return { column, way: "down" };
  return order.way === "down" ? { column, way: "up" } : undefined;
}
