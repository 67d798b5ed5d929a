/** From when to when the history reaches. */
export interface Past {
  first: string | null;
  last: string | null;
}

const DAY_MS = 86_400_000;
/** Learning takes twice the horizon before the cut, testing once after it; a cut is a midnight. */
const [PARTS, MIDNIGHT] = [3, 1];

/** The longest horizon, in whole days, for which the history is long enough; 0 for none. */
export function room({ first, last }: Past): number {
  if (!first || !last) return 0;
  const days = (Date.parse(last) - Date.parse(first)) / DAY_MS - MIDNIGHT;
  return Math.max(0, Math.floor(days / PARTS));
}
