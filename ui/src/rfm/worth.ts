import type { Formats } from "../shell/format";

/** An amount with its currency, where it has one. */
export function worth(found: { currency: string }, format: Formats, amount: number): string {
  return `${format.number(amount)} ${found.currency}`.trim();
}
