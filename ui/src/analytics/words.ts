import type { Language } from "../i18n";

export type Said = Record<Language, string>;

/** Everything that people read of an analysis, as the server tells it. */
export interface Words {
  title: Said;
  about: Said;
  tables: Record<string, Said>;
  columns: Record<string, Said>;
  /** The kind of each, and what it is called. */
  figures: Record<string, [kind: string, said: Said]>;
  /** With figures as `{name}`. */
  sentences: Record<string, Said>;
  /** What values of columns of words are called. */
  values: Record<string, Said>;
  /** By column: what null stands for, where it is not simply none. */
  none: Record<string, Said>;
}

/** A word in the language of the page; its own name where the analysis has none for it. */
export function spoken(words: Record<string, Said>, name: string, language: Language): string {
  return words[name]?.[language] ?? name;
}

export type Part = { text: string } | { figure: string };

/** A sentence in pieces: what is said, and which figures stand between. */
export function pieces(sentence: string): Part[] {
  return sentence
    .split(/(\{\w+\})/)
    .filter(Boolean)
    .map((part) => (/^\{\w+\}$/.test(part) ? { figure: part.slice(1, -1) } : { text: part }));
}
