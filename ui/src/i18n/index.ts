import type { Locale } from "antd/es/locale";
import i18n from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";

export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

const KEPT = "hotspring.language";
const TAGS: Record<Language, string> = { zh: "zh-CN", en: "en" };
const CATALOGUES = { zh: () => import("./all-zh"), en: () => import("./all-en") };
const MORE = { zh: () => import("./more-zh"), en: () => import("./more-en") };
let more = false;
const components: Partial<Record<Language, Locale>> = {};

/** What was chosen here before, else what the browser prefers, else Chinese. */
export function preferred(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "zh" || kept === "en") return kept;
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2));
  return wanted.find((tag): tag is Language => tag === "zh" || tag === "en") ?? "zh";
}

/** Begin in a language; nothing is shown before its words are here. */
export async function begin(language: Language): Promise<void> {
  await i18n.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    interpolation: { escapeValue: false },
    returnNull: false,
    resources: {},
  });
  await speak(language, false);
}

/** Change over to a language, and keep it for the next time where a person chose it. */
export async function speak(language: Language, keep = true): Promise<void> {
  const { words, components: locale } = await CATALOGUES[language]();
  components[language] = locale;
  i18n.addResourceBundle(language, "translation", words);
  if (more) await addMore(language);
  await i18n.changeLanguage(language);
  document.documentElement.lang = TAGS[language];
  if (keep) localStorage.setItem(KEPT, language);
}

async function addMore(language: Language): Promise<void> {
  const { words } = await MORE[language]();
  // A page may be fetched before there is a language: `speak` adds them then.
  if (i18n.isInitialized) i18n.addResourceBundle(language, "translation", words, true);
}

/** Load a page together with the words that not every page needs: `zh-more.ts` of the rooms. */
export async function worded<T>(load: () => Promise<T>): Promise<T> {
  more = true;
  const now = i18n.isInitialized ? i18n.language : preferred();
  const [page] = await Promise.all([load(), addMore(now === "en" ? "en" : "zh")]);
  return page;
}

/** The language that is spoken now: in which sentences and names are asked for. */
export function useSpoken(): Language {
  return useTranslation().i18n.language === "en" ? "en" : "zh";
}

/** The words of the ready-made components. */
export function wordsOfComponents(language: Language): Locale | undefined {
  return components[language];
}

/** The language as a tag for dates and numbers: `zh-CN`. */
export function tagOf(language: string): string {
  return TAGS[language === "en" ? "en" : "zh"];
}
