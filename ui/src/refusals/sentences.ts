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

/** The sentences of a catalogue, the surest first. */
export function sentences(catalogue: Record<string, string>): Sentence[] {
  const found = Object.entries(catalogue).map(([code, text]) => {
    const names = [...text.matchAll(BLANK)].map((blank) => blank[1] ?? "");
    const parts = text.split(/\{\{\w+\}\}/);
    const shape = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(.*?)");
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
/** Where something stands that was sent: `body.share`. */
const WHERE = /^((?:body|query|path|header)(?:\.[^:;]+)?): (.*)$/s;
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
  if (!found) {
    // Several faults of one request are told one after the other.
    const faults = text.split("; ");
    if (depth > 0 || !faults.every((fault) => WHERE.test(fault))) return text;
    const inner = (fault: string) => translated(known, say, fault, depth + 1);
    return faults
      .map((fault) => fault.replace(WHERE, (_, at, what) => `${at}: ${inner(what)}`))
      .join("; ");
  }
  const values = Object.entries(found.values).map(([name, value]) => {
    const quoted = QUOTED.exec(value);
    if (quoted) return [name, `“${quoted[2]}”`] as const;
    return [name, depth < DEEPEST ? translated(known, say, value, depth + 1) : value] as const;
  });
  return say(found.code, Object.fromEntries(values));
}
