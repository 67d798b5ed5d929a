/** Which sentence of the server is this? By the English catalogue, whose texts are the server's own. */

export type Values = Record<string, string>;

export interface Recognised {
  code: string;
  values: Values;
}

interface Sentence {
  code: string;
  shape: RegExp;
  names: string[];
  /** Letters that are not filled in: the more of them, the surer it is this one. */
  letters: number;
}

const BLANK = /\{\{(\w+)\}\}/g;

/** A sentence with its blanks filled in. */
export function filled(text: string, values: Values): string {
  return text.replace(BLANK, (_, name: string) => values[name] ?? "");
}

/** The sentences of a catalogue, the surest first. */
export function sentences(catalogue: Record<string, string>): Sentence[] {
  const found = Object.entries(catalogue).map(([code, text]) => {
    const names = [...text.matchAll(BLANK)].map((blank) => blank[1] ?? "");
    const parts = text.split(/\{\{\w+\}\}/);
    const blanks = names.map((name) => (name === "more" ? "(\\d+)" : "(.*?)"));
    const fixed = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const shape = fixed.map((part, at) => part + (blanks[at] ?? "")).join("");
    const letters = parts.join("").length;
    return { code, names, letters, shape: new RegExp(`^${shape}$`, "s") };
  });
  return found.sort((one, other) => other.letters - one.letters);
}

/** Recognises a text, and what is filled in; `undefined` where it is none of the known ones. */
export function recognised(known: Sentence[], text: string): Recognised | undefined {
  for (const { code, shape, names } of known) {
    const found = shape.exec(text);
    if (found) {
      const values = names.map((name, at) => [name, found[at + 1] ?? ""] as const);
      return { code, values: Object.fromEntries(values) };
    }
  }
  return undefined;
}

const QUOTED = /^(['"])(.*)\1$/s;
/** Where something stands that was sent: `body.share`, in an event `/total`, or as which kind of
 * identifier: `openid@wx1`. */
const WHERE = /^((?:body|query|path|header)(?:\.[^:;]+)?|\/[^:;]*|[a-z_]+(?:@[\w.-]+)?): (.*)$/s;
const MORE = /^\d+ more$/;
const DEEPEST = 3;

/** Says a text of the server by another catalogue: `say` fills in a sentence of it.
 * What is not recognised stays as it is, also where it is a part of something longer. */
export function translated(
  known: Sentence[],
  say: (code: string, values: Values) => string,
  text: string,
  depth = 0,
): string {
  const found = recognised(known, text);
  const inner = (part: string) =>
    depth < DEEPEST ? translated(known, say, part, depth + 1) : part;
  if (!found) {
    // Several faults are told one after the other, each with its place.
    const faults = text.split("; ");
    if (!faults.every((fault) => WHERE.test(fault) || MORE.test(fault))) return text;
    const told = faults.map((fault) => {
      const [, at, what = ""] = WHERE.exec(fault) ?? [];
      return at ? `${at}: ${inner(what)}` : inner(fault);
    });
    return told.join("; ");
  }
  const values = Object.entries(found.values).map(([name, value]) => {
    const quoted = QUOTED.exec(value);
    if (quoted) return [name, `“${quoted[2]}”`] as const;
    return [name, inner(value)] as const;
  });
  return say(found.code, Object.fromEntries(values));
}
