import type { Formats } from "../shell/format";

/** A number with decimals only where it has them. */
export function plain(format: Formats, value: number): string {
  return Number.isInteger(value) ? format.count(value) : format.number(value);
}
