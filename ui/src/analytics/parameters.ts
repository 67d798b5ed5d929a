import type { Fault } from "../api/problem";
import type { Language } from "../i18n";

/** Parameters of an analysis, or a part of them, as JSON. */
export type Body = Record<string, unknown>;

/** What the schema says of a value. */
export interface Schema {
  $ref?: string;
  type?: string;
  title?: string;
  description?: string;
  "x-zh"?: { title?: string; description?: string };
  /** Few ask for it. */
  "x-fine"?: boolean;
  "x-words"?: Record<string, Record<Language, string>>;
  format?: string;
  default?: unknown;
  enum?: (string | number)[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  maxLength?: number;
}

/** A schema with the parts that it refers to by name. */
export type Whole = Schema & { $defs?: Record<string, Schema> };

/** What all analyses may be asked with: when, and whom. */
export const WHEN = ["from", "until", "days"];
export const WHOM = ["people", "rule", "channels", "sources"];

/** A schema with what it refers to put in its place; what it says itself goes first. */
export function resolved(schema: Schema, whole: Whole): Schema {
  const name = schema.$ref?.split("/").at(-1) ?? "";
  const there = whole.$defs?.[name];
  const { $ref: _, ...own } = schema;
  return there ? resolved({ ...there, ...own }, whole) : own;
}

/** What a value is where it is not null, and whether it may be null. */
export function present(schema: Schema, whole: Whole): { schema: Schema; none: boolean } {
  const { anyOf = [], ...own } = resolved(schema, whole);
  const some = anyOf.filter((one) => one.type !== "null");
  const [first] = some;
  const none = some.length < anyOf.length;
  return { schema: first ? { ...resolved(first, whole), ...own } : own, none };
}

/** The title and the help of a field in the language of the page. */
export function titled(schema: Schema, language: Language): { title: string; help: string } {
  const zh = schema["x-zh"];
  return {
    title: (language === "zh" && zh?.title) || schema.title || "",
    help: (language === "zh" ? zh?.description : schema.description) ?? "",
  };
}

/** What one of few values is called. */
export function worded(schema: Schema, value: string | number, language: Language): string {
  return schema["x-words"]?.[value]?.[language] ?? String(value);
}

/** What a form begins with where nothing was said: the default, else something to fill in. */
export function blank(given: Schema, whole: Whole): unknown {
  if (given.default !== undefined) return given.default;
  const { schema, none } = present(given, whole);
  if (none && schema.format !== "event") return null;
  if (schema.enum) return schema.enum[0];
  if (schema.properties) {
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, field]) => [name, blank(field, whole)]),
    );
  }
  if (schema.type === "array") {
    const { items = {} } = schema;
    return Array.from({ length: schema.minItems ?? 0 }, () => blank(items, whole));
  }
  if (schema.type === "integer" || schema.type === "number") return schema.minimum ?? 0;
  if (schema.type === "boolean") return false;
  return schema.type === "object" ? {} : "";
}

/** The fields of a form, filled in with what was asked; names that are none are left out. */
export function filled(asked: Body, whole: Whole): Body {
  const { properties = {} } = resolved(whole, whole);
  return Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [
      name,
      name in asked ? asked[name] : blank(field, whole),
    ]),
  );
}

/** What differs from what holds anyway: this is asked, and stands in the address. */
export function said(form: Body, whole: Whole): Body {
  const { properties = {} } = resolved(whole, whole);
  return Object.fromEntries(
    Object.entries(form).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(properties[name]?.default),
    ),
  );
}

/** The places that are still to be filled in: events that were not chosen, numbers that are gone. */
export function open(value: unknown, place = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one, at) => open(one, `${place}/${at}`));
  return Object.entries(value).flatMap(([name, one]) => {
    if (name === "rule" || name === "where") return [];
    return name === "event" && one === "" ? [`${place}/event`] : open(one, `${place}/${name}`);
  });
}

/** An example without steps of events that this pool has not; nothing where too little is left. */
export function fitting(example: Body, events: object): Body | undefined {
  const known = (one: unknown) => {
    const event = (one as { event?: unknown } | null)?.event;
    return typeof event !== "string" || event in events;
  };
  const fields = Object.entries(example).map(([name, value]): [string, unknown] => [
    name,
    Array.isArray(value) ? value.filter(known) : value,
  ]);
  const left = fields.every(([, one]) => (Array.isArray(one) ? one.length > 0 : known(one)));
  return left ? Object.fromEntries(fields) : undefined;
}

/** What a question names and the pool has not: in which field, and the event or the property. */
export interface Lack {
  field: string;
  event?: string;
  property?: string;
}

const PROPERTIES = "properties.";

/** What of a form was never seen in this pool; in a pool without any event nothing is missed. */
export function lacking(form: Body, whole: Whole, events: Record<string, object>): Lack[] {
  if (Object.keys(events).length === 0) return [];
  const { properties = {} } = resolved(whole, whole);
  return Object.entries(form).flatMap(([field, value]): Lack[] => {
    if (properties[field]?.format === "dimension") {
      const name = String(value);
      const property = name.startsWith(PROPERTIES) ? name.slice(PROPERTIES.length) : "";
      const seen = Object.values(events).some((one) => property in one);
      return property === "" || seen ? [] : [{ field, property }];
    }
    if (field === "rule") return [];
    const steps = (Array.isArray(value) ? value : [value]) as ({ event?: unknown } | null)[];
    return steps.flatMap((step) => {
      const event = typeof step === "object" ? step?.event : undefined;
      return typeof event !== "string" || event === "" || event in events ? [] : [{ field, event }];
    });
  });
}

/** Those of the faults that lie in a field, their places seen from there. */
export function within(faults: Fault[], name: string | number): Fault[] {
  const start = `/${name}`;
  return faults.flatMap((one) =>
    one.where === start || one.where.startsWith(`${start}/`)
      ? [{ ...one, where: one.where.slice(start.length) }]
      : [],
  );
}
