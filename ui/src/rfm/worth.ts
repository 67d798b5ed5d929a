import type { Formats } from "../shell/format";

/** A share without tenths of a percent, so that an axis has room on a phone. */
export function tenths(share: unknown): string {
  return `${Math.round(Number(share) * 100)}%`;
}

/** An amount with its currency, where it has one. */
export function worth(found: { currency: string }, format: Formats, amount: number): string {
  return `${format.number(amount)} ${found.currency}`.trim();
}
