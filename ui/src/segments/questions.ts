import type { Body, Condition, Kind, LeafKey, Moment, Step, Tested, Vocabulary } from "./leaves";

const EQUAL = ["eq", "ne", "in", "not_in"];
const ORDERED = ["gt", "ge", "lt", "le"];

/** What may be asked of a value of each kind, as the server reads it. */
const OPS: Record<Kind, string[]> = {
  string: [...EQUAL, "contains", "starts_with", "exists"],
  number: [...EQUAL, ...ORDERED, "between", "exists"],
  boolean: ["eq", "ne", "exists"],
  datetime: ["during", "exists"],
  list: ["contains", "exists"],
  object: ["exists"],
};
const NUMBERS = ["ge", "le", "gt", "lt", "eq", "ne", "between"];

export const MEASURES = [
  "count",
  "sum",
  "mean",
  "max",
  "min",
  "distinct",
  "first",
  "last",
] as const;
export type Measure = (typeof MEASURES)[number];

/** The questions to choose from; "is there" and "is not there" are two. */
export function choices(kind: Kind): string[] {
  return OPS[kind].flatMap((op) => (op === "exists" ? ["exists", "exists_not"] : [op]));
}

/** The questions that may be asked of what events come to. */
export function measured(measure: Measure): string[] {
  return measure === "first" || measure === "last" ? ["during"] : NUMBERS;
}

/** Which of the choices a question is. */
export function choiceOf({ op, value }: Tested): string {
  return op === "exists" && value === false ? "exists_not" : op;
}

/** The same question with another choice, and a value that fits it where the old one does not. */
export function asked<T extends Tested>(test: T, choice: string, kind: Kind): T {
  if (choice === "exists" || choice === "exists_not") {
    return { ...test, op: "exists", value: choice === "exists" };
  }
  return { ...test, op: choice, value: fitting(test.value, choice, kind) };
}

/** A value that fits a question, as near to this one as can be. */
export function fitting(value: unknown, op: string, kind: Kind): unknown {
  if (op === "during") return isWindow(value) ? value : { from: { ago: 30 } };
  const all = Array.isArray(value) ? value : value === null || isWindow(value) ? [] : [value];
  const right = all.filter((one) => typeof one === typeof empty(kind));
  if (op === "in" || op === "not_in") return right.filter((one) => one !== "");
  if (op === "between") {
    const [low = 0, high = low] = right as number[];
    return [Math.min(low, high), Math.max(low, high)];
  }
  return right[0] ?? empty(kind);
}

function isWindow(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function empty(kind: Kind): string | number | boolean {
  return kind === "number" ? 0 : kind === "boolean" ? true : "";
}

const PROPERTIES = "properties.";
const FIELDS: Record<string, Kind> = {
  name: "string",
  channel: "string",
  device: "string",
  source: "string",
  amount: "number",
};

/** The fields of an event, or of any, with their kinds; those of several kinds are left out. */
export function fieldsOf(event: string | null, there: Vocabulary): Record<string, Kind> {
  const found: Record<string, Kind> = { ...FIELDS };
  const several = new Set<string>();
  const events = event === null ? Object.values(there.events) : [there.events[event] ?? {}];
  for (const properties of events) {
    for (const [name, kind] of Object.entries(properties)) {
      const field = PROPERTIES + name;
      if (found[field] !== undefined && found[field] !== kind) several.add(field);
      found[field] = kind as Kind;
    }
  }
  for (const field of several) delete found[field];
  return found;
}

/** What a field is called: properties by their own name. */
export function plainField(field: string): string {
  return field.startsWith(PROPERTIES) ? field.slice(PROPERTIES.length) : "";
}

/** Which kind does a trait have? Of one that is gone, text. */
export function kindOfTrait(name: string, there: Vocabulary): Kind {
  return (there.traits[name] ?? "string") as Kind;
}

/** The currency that is offered first. */
export function usualCurrency({ currencies }: Vocabulary): string {
  return currencies.includes("CNY") ? "CNY" : (currencies[0] ?? "");
}

/** The fields of a leaf that are still to be filled in; the server is not asked before. */
export function unfinished(is: LeafKey, body: Body): string[] {
  const open: string[] = [];
  const need = (name: string, there: boolean) => {
    if (!there) open.push(name);
  };
  const some = (list: unknown) => Array.isArray(list) && list.length > 0;
  for (const name of ["name", "id", "outlet", "kind", "purpose"]) {
    if (name in body) need(name, body[name] !== "");
  }
  if (is === "trait" || is === "score" || is === "temperature" || is === "behaviour") {
    need("value", answered(body as unknown as Tested));
  }
  if (["band", "tier", "lifecycle", "district", "trade_area"].includes(is)) {
    need("any_of", some(body.any_of));
  }
  if (is === "behaviour") {
    need("event", body.event !== "");
    const less = body.less as Step | null | undefined;
    need("less/event", less?.event !== "");
    open.push(...unasked(less?.where).map((at) => `less/where/${at}`));
    need("field", reads(body.measure) ? (body.field ?? "") !== "" : true);
    open.push(...unasked(body.where).map((at) => `where/${at}`), ...undated(body.window));
  }
  if (is === "sequence") {
    for (const name of ["first", "then"]) {
      const { event, where } = body[name] as Body;
      need(`${name}/event`, event !== "");
      open.push(...unasked(where).map((at) => `${name}/where/${at}`));
    }
    open.push(...undated(body.window));
  }
  return open;
}

/** Does what events come to need a field? */
export function reads(measure: unknown): boolean {
  return ["sum", "mean", "max", "min", "distinct"].includes(measure as string);
}

function answered({ op, value }: Tested): boolean {
  if (op === "in" || op === "not_in") return Array.isArray(value) && value.length > 0;
  if (op === "during") return undated(value).length === 0;
  return !(op === "contains" || op === "starts_with") || value !== "";
}

function unasked(where: unknown): number[] {
  const all = (where ?? []) as Condition[];
  return all.flatMap((one, at) => (one.field === "" || !answered(one) ? [at] : []));
}

function undated(window: unknown): string[] {
  const ends = (window ?? {}) as Record<"from" | "to", Moment | null | undefined>;
  return (["from", "to"] as const)
    .filter((end) => ends[end]?.at === "")
    .map((end) => `window/${end}`);
}
