import type { Formats } from "../shell/format";

/** An axis of shares up to the greatest: whole percents in at most five even steps, for a phone. */
export function shareAxis(most: number) {
  const step = [0.05, 0.1, 0.2].find((one) => 5 * one >= most) ?? 0.25;
  const max = Math.round(100 * step * Math.max(1, Math.ceil(most / step - 1e-9))) / 100;
  const formatter = (share: number) => `${Math.round(share * 100)}%`;
  return { type: "value", max, interval: step, axisLabel: { formatter, hideOverlap: true } };
}

/** An amount with its currency, where it has one. */
export function worth(found: { currency: string }, format: Formats, amount: number): string {
  return `${format.number(amount)} ${found.currency}`.trim();
}
