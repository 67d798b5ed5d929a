import type { Formats } from "../shell/format";

/** A number with decimals only where it has them. */
export function plain(format: Formats, value: number): string {
  const near = Math.round(100 * value) / 100;
  return Number.isInteger(near) ? format.count(near) : format.number(near);
}
