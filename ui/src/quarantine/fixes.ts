/** What may be done to a refused event, and what each of it asks for. */

export const KINDS = [
  "time",
  "rename_event",
  "rename",
  "cast",
  "set",
  "drop",
  "identify",
  "type",
  "new_id",
  "patch",
  "replace",
] as const;

export type Kind = (typeof KINDS)[number];

/** One fix as it stands in its form: all texts. */
export interface Draft {
  kind: Kind;
  values: Record<string, string>;
}

export interface Asked {
  name: string;
  /** May stay empty. */
  optional?: boolean;
  choices?: readonly string[];
  json?: boolean;
  /** What stands there at first. */
  usual?: string;
}

export const ASKED: Record<Kind, Asked[]> = {
  time: [{ name: "to", usual: "received" }],
  rename_event: [{ name: "to" }],
  rename: [{ name: "property" }, { name: "to" }],
  cast: [
    { name: "property" },
    { name: "to", choices: ["number", "integer", "text", "boolean"], usual: "number" },
  ],
  set: [{ name: "property" }, { name: "value" }],
  drop: [{ name: "property" }],
  identify: [
    { name: "kind", usual: "user_id" },
    { name: "value", optional: true },
    { name: "property", optional: true },
  ],
  type: [{ name: "to", usual: "track" }],
  new_id: [],
  patch: [{ name: "patch", json: true, usual: "{}" }],
  replace: [{ name: "body", json: true }],
};

export function draftOf(kind: Kind, body = ""): Draft {
  const usual = (asked: Asked) => (asked.name === "body" ? body : (asked.usual ?? ""));
  return { kind, values: Object.fromEntries(ASKED[kind].map((one) => [one.name, usual(one)])) };
}

/** What is wrong with a draft: the field that is empty, or is no JSON. */
export function faultOf({ kind, values }: Draft): string | undefined {
  const wrong = ASKED[kind].find((asked) => {
    const text = (values[asked.name] ?? "").trim();
    if (asked.json) return !isObject(text);
    return !asked.optional && text === "";
  });
  if (wrong) return wrong.name;
  if (kind === "identify" && !values.value === !values.property) return "value";
  return undefined;
}

/** The fix as the API takes it. */
export function fixOf({ kind, values }: Draft): Record<string, unknown> {
  const given: Record<string, unknown> = { do: kind };
  for (const asked of ASKED[kind]) {
    const text = (values[asked.name] ?? "").trim();
    if (asked.optional && text === "") continue;
    given[asked.name] = asked.json || asked.name === "value" ? read(kind, text) : text;
  }
  return given;
}

function read(kind: Kind, text: string): unknown {
  if (kind === "identify") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
