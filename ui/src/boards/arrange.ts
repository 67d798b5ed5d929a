import type { Drawing } from "../analytics/asked";
import type { components } from "../api/schema";

export type Card = components["schemas"]["Card"];

/** Columns of a dashboard, and the most rows of a card. */
export const MOST = 4;

/** By which a card names a chart of an answer. */
export function chartName({ kind, table, y, by }: Drawing): string {
  return [kind, table, y.join(","), by].join(" ").trim();
}

const within = (value: number) => Math.min(Math.max(Math.round(value), 1), MOST);

/** The cards with one of them so many places further on. */
export function moved(cards: Card[], id: string, by: number): Card[] {
  const at = cards.findIndex((card) => card.id === id);
  return at < 0 ? cards : put(cards, at, at + by);
}

/** The cards with one of them in the place of another. */
export function placed(cards: Card[], id: string, where: string): Card[] {
  const at = cards.findIndex((card) => card.id === id);
  const to = cards.findIndex((card) => card.id === where);
  return at < 0 || to < 0 ? cards : put(cards, at, to);
}

function put(cards: Card[], at: number, to: number): Card[] {
  const place = Math.min(Math.max(to, 0), cards.length - 1);
  const rest = cards.filter((_, index) => index !== at);
  return rest.toSpliced(place, 0, ...cards.slice(at, at + 1));
}

/** The cards with one of them of another size, as far as there is room. */
export function sized(cards: Card[], id: string, width: number, height: number): Card[] {
  const size = { width: within(width), height: within(height) };
  return cards.map((card) => (card.id === id ? { ...card, ...size } : card));
}

/** What one arranged, from the cards that were read, with what somebody else did meanwhile.
 *
 * Others' new cards come last, those they took off are gone, and of a card that both changed one's
 * own stays. */
export function merged(read: Card[], mine: Card[], theirs: Card[]): Card[] {
  const find = (cards: Card[], id: string) => cards.find((card) => card.id === id);
  const same = (one?: Card, other?: Card) => JSON.stringify(one) === JSON.stringify(other);
  const kept = mine.flatMap((card) => {
    const now = find(theirs, card.id);
    if (!now) return [];
    return [same(card, find(read, card.id)) ? now : card];
  });
  return [...kept, ...theirs.filter(({ id }) => !find(read, id))];
}

/** The cards with something else said of one of them. */
export function told(cards: Card[], id: string, said: Partial<Card>): Card[] {
  return cards.map((card) => (card.id === id ? { ...card, ...said } : card));
}
