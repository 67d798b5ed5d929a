import type { Formats } from "../shell/format";

/** A number with decimals only where it has them. */
export function plain(format: Formats, value: number): string {
  const near = Math.round(100 * value) / 100;
  return format.number(near, Number.isInteger(near) ? 0 : 2);
}

/** The same with its sign: points added or taken. */
export function signed(format: Formats, value: number): string {
  return `${value > 0 ? "+" : ""}${plain(format, value)}`;
}
