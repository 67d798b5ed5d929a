import type { Row } from "./asked";
import type { View } from "./page";

/** What a row is sorted by. */
function sortedBy(row: Row, sort: View["sort"]): number | string {
  if (sort === "name") return row.name;
  return sort === "service" ? row.because.service : row[sort];
}

/** The rows that are asked for, in order; those with the same value keep the larger area first. */
export function shown(rows: Row[], view: Pick<View, "quadrant" | "q" | "sort" | "up">): Row[] {
  const q = view.q.trim().toLowerCase();
  const found = rows.filter(
    (row) =>
      (!view.quadrant || row.quadrant === view.quadrant) && row.name.toLowerCase().includes(q),
  );
  const sign = view.up ? 1 : -1;
  return found.sort((one, other) => {
    const [a, b] = [sortedBy(one, view.sort), sortedBy(other, view.sort)];
    const order = typeof a === "string" ? a.localeCompare(String(b)) * -1 : a - (b as number);
    return sign * order || other.profiles - one.profiles;
  });
}

/** Service is far from even: its root gives every area room, and nothing a place beyond zero. */
export const rooted = (service: number): number => Math.sqrt(Math.max(service, 0));
export const squared = (root: number): number => root * root;
