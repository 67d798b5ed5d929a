/** What a leaf says, as JSON. */
export type Body = Record<string, unknown>;

export const LEAVES = [
  "behaviour",
  "sequence",
  "band",
  "temperature",
  "next_band",
  "trait",
  "tag",
  "score",
  "tier",
  "lifecycle",
  "segment",
  "district",
  "trade_area",
  "near",
  "identifier",
  "consent",
] as const;
export type LeafKey = (typeof LEAVES)[number];

export type Kind = "string" | "number" | "boolean" | "datetime" | "list" | "object";
export type Unit = "minute" | "hour" | "day" | "week";
export const UNITS = ["minute", "hour", "day", "week"] as const;
export const BANDS = ["hot", "warm", "cool", "cold"] as const;
export const STATES = [...BANDS, "never_warm", "cooled"] as const;
export const STAGES = ["new", "active", "loyal", "sleeping", "lost", "returned"] as const;

export interface Span {
  amount: number;
  unit?: Unit;
}
export interface Moment {
  ago?: number | null;
  ahead?: number | null;
  at?: string | null;
  unit?: Unit;
}
export interface Window {
  from?: Moment | null;
  to?: Moment | null;
}
export interface Tested {
  op: string;
  value?: unknown;
}
export interface Condition extends Tested {
  field: string;
  currency?: string;
}
export interface Step {
  event: string | null;
  where?: Condition[];
}

/** What rules may name in this pool; parts that it does not have are absent. */
export interface Vocabulary {
  timezone: string;
  traits: Record<string, string>;
  events: Record<string, Record<string, string>>;
  identifiers: string[];
  purposes: string[];
  channels: string[];
  currencies: string[];
  areas: Record<string, string>;
  outlets: Record<string, string>;
  /** By id. */
  tags?: Record<string, { name: string; values: string[] }>;
  /** Names by id. */
  scores?: Record<string, string>;
  /** By id. */
  schemes?: Record<string, { name: string; tiers: string[] }>;
  lifecycle?: boolean;
  /** Names by id. */
  segments?: Record<string, string>;
}

export function isLeaf(key: string): key is LeafKey {
  return (LEAVES as readonly string[]).includes(key);
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const number: Check = (value) => typeof value === "number" && Number.isFinite(value);
const truth: Check = (value) => typeof value === "boolean";
const many =
  (one: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(one);
const among =
  (words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string);
const none =
  (one: Check): Check =>
  (value) =>
    value === null || one(value);
/** An object with these members and no others; those with a question mark may be absent. */
const of =
  (members: Record<string, Check>): Check =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const known = Object.keys(value).every((name) => name in members || `${name}?` in members);
    const given = value as Record<string, unknown>;
    return (
      known &&
      Object.entries(members).every(([name, check]) => {
        const said = name.replace("?", "");
        return said in given ? check(given[said]) : name.endsWith("?");
      })
    );
  };

const unit = among(UNITS);
const span = of({ amount: number, "unit?": unit });
const moment = of({
  "ago?": none(number),
  "ahead?": none(number),
  "at?": none(text),
  "unit?": unit,
});
const window = of({ "from?": none(moment), "to?": none(moment) });
const scalar: Check = (value) => text(value) || number(value) || truth(value);
const value: Check = (given) =>
  given === null || scalar(given) || many(scalar)(given) || window(given);
const op = text;
const conditions = many(of({ field: text, "currency?": text, op, "value?": value }));
const step = of({ event: none(text), "where?": conditions });

const SHAPES: Record<LeafKey, Check> = {
  behaviour: of({
    event: none(text),
    "where?": conditions,
    "window?": window,
    "measure?": among(["count", "sum", "mean", "max", "min", "distinct", "first", "last"]),
    "field?": text,
    "currency?": text,
    "less?": none(step),
    "op?": op,
    "value?": value,
  }),
  sequence: of({
    first: step,
    // biome-ignore lint/suspicious/noThenProperty: it is the word of the rule tree.
    then: step,
    "within?": none(span),
    "window?": window,
    "followed?": truth,
  }),
  band: of({ any_of: many(among(STATES)) }),
  temperature: of({ op, "value?": value }),
  next_band: of({ within: span, "any_of?": many(among(BANDS)) }),
  trait: of({ name: text, op, "value?": value }),
  tag: of({ id: text, "any_of?": many(text) }),
  score: of({ id: text, op, "value?": value }),
  tier: of({ id: text, any_of: many(text) }),
  lifecycle: of({ any_of: many(among(STAGES)) }),
  segment: of({ id: text }),
  district: of({ any_of: many(text) }),
  trade_area: of({ any_of: many(text) }),
  near: of({ outlet: text, metres: number }),
  identifier: of({ kind: text }),
  consent: of({ purpose: text, "channel?": text, "given?": truth }),
};

/** Can the page show all that this leaf says? */
export function legible(key: LeafKey, body: unknown): body is Body {
  return SHAPES[key](body);
}
