import { expect, test } from "vitest";
import { words as enFirst } from "./all-en";
import { words as zhFirst } from "./all-zh";
import type { Words } from "./gather";
import { words as enMore } from "./more-en";
import { words as zhMore } from "./more-zh";

/** Those that come first and those that come with their pages. */
const joined = (first: Words, more: Words): Words =>
  Object.fromEntries(
    [...new Set([...Object.keys(first), ...Object.keys(more)])].map((room) => [
      room,
      { ...(first[room] as Words | undefined), ...(more[room] as Words | undefined) },
    ]),
  );
const [en, zh] = [joined(enFirst, enMore), joined(zhFirst, zhMore)];

const FORMS = /_(?:one|other)$/;
const CHINESE = /[\u3400-\u9fff]/;
const sources = import.meta.glob<string>(
  ["../**/*.{ts,tsx}", "!../**/*.test.*", "!../api/schema.ts"],
  {
    eager: true,
    query: "?raw",
    import: "default",
  },
);
const code = Object.entries(sources)
  .filter(([path]) => !/\/(?:zh|en)(?:-more)?\.ts$/.test(path))
  .map(([, text]) => text)
  .join("\n");

function texts(words: Words, above = ""): [string, string][] {
  return Object.entries(words).flatMap(([name, value]) => {
    const key = above ? `${above}.${name}` : name;
    return typeof value === "string" ? [[key, value] as [string, string]] : texts(value, key);
  });
}

const [english, chinese] = [texts(en), texts(zh)];
const bare = (all: [string, string][]) =>
  [...new Set(all.map(([key]) => key.replace(FORMS, "")))].sort();
const blanks = (text: string) => [...new Set(text.match(/{{\w+}}/g))].sort();

/** Every text in the code that looks like a key of some room, whole or up to what is filled in. */
function asked(): { whole: Set<string>; begun: string[] } {
  const rooms = Object.keys(en).join("|");
  const whole = code.matchAll(new RegExp(`["'\`]((?:${rooms})(?:\\.\\w+)+)["'\`]`, "g"));
  const begun = code.matchAll(new RegExp(`\`((?:${rooms})\\.[\\w.]*)\\$\\{`, "g"));
  return {
    whole: new Set([...whole].map((found) => found[1] ?? "")),
    begun: [...begun].map((found) => found[1] ?? ""),
  };
}

test("both languages have the same keys", () => {
  expect(bare(english)).toEqual(bare(chinese));
});

test("both languages fill in the same values", () => {
  const others = new Map(chinese);
  const differing = english.filter(([key, text]) => {
    const other = others.get(key) ?? others.get(key.replace(FORMS, ""));
    return JSON.stringify(blanks(text)) !== JSON.stringify(blanks(other ?? ""));
  });
  expect(differing.map(([key]) => key)).toEqual([]);
});

test("English is English and Chinese is Chinese", () => {
  const name = "shell.other_language";
  expect(english.filter(([key, text]) => key !== name && CHINESE.test(text))).toEqual([]);
  expect(chinese.filter(([, text]) => text.trim() === "")).toEqual([]);
  const share = chinese.filter(([, text]) => CHINESE.test(text)).length / chinese.length;
  expect(share).toBeGreaterThan(0.85);
});

test("no text stands in the code itself", () => {
  const strings = code.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  expect(strings.split("\n").filter((line) => CHINESE.test(line))).toEqual([]);
});

test("every key that is asked for is there, and every key that is there is asked for", () => {
  const { whole, begun } = asked();
  const known = bare(english);
  expect(known.length).toBeGreaterThan(50);
  const missing = [...whole].filter((key) => !known.includes(key) && !key.endsWith(".css"));
  expect(missing).toEqual([]);
  const unused = known.filter(
    (key) => !whole.has(key) && !begun.some((start) => key.startsWith(start)),
  );
  expect(unused).toEqual([]);
  const empty = begun.filter((start) => !known.some((key) => key.startsWith(start)));
  expect(empty).toEqual([]);
});
