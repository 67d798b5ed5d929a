import { AutoComplete, Select } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useVocabulary } from "../segments/asked";
import type { Vocabulary } from "../segments/leaves";
import { useFormat } from "../shell/format";
import type { Found, Name, Said } from "./asked";

interface Shown {
  found: Found;
  said: Said;
  say: (key: string, value: string | string[]) => void;
}

/** What the template names, and what it is called here. */
export function Names({ found, said, say }: Shown) {
  const { t } = useTranslation();
  const there = useVocabulary().data;
  return (
    <section className="panel" aria-labelledby="templates-names">
      <h2 id="templates-names">{t("templates.names")}</h2>
      <p className="soft">{t("templates.names_about")}</p>
      <ul className="templates-names">
        {found.names.map((one) => (
          <li key={one.key} data-name={one.key}>
            <span className="templates-name">
              {one.title} <span className="soft">{t(`templates.sort.${one.kind}`)}</span>
            </span>
            {one.kind === "words" ? (
              <Select
                mode="tags"
                aria-label={one.title}
                value={one.words ?? []}
                open={false}
                suffixIcon={null}
                tokenSeparators={[",", "\uff0c", "\u3001"]}
                onChange={(words) => say(one.key, words)}
              />
            ) : (
              <Called key={one.name} one={one} there={there} say={say} />
            )}
            <Seen one={one} own={one.key in said} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A name that may be chosen from those of the pool, or written; it counts once it is left. */
function Called({
  one,
  there,
  say,
}: {
  one: Name;
  there: Vocabulary | undefined;
  say: Shown["say"];
}) {
  const [text, setText] = useState(one.name ?? "");
  useEffect(() => setText(one.name ?? ""), [one.name]);
  const done = (value: string) => {
    if (value.trim() !== one.name) say(one.key, value.trim());
  };
  return (
    <AutoComplete
      aria-label={one.title}
      value={text}
      options={known(one, there).map((value) => ({ value }))}
      showSearch={{
        filterOption: (typed, option) =>
          text === one.name || (option?.value ?? "").toLowerCase().includes(typed.toLowerCase()),
      }}
      onChange={setText}
      onSelect={done}
      onBlur={() => done(text)}
    />
  );
}

/** What of its kind this pool has. */
function known(one: Name, there: Vocabulary | undefined): string[] {
  if (!there) return [];
  if (one.kind === "event") return Object.keys(there.events);
  if (one.kind === "trait") return Object.keys(there.traits);
  return [...new Set(one.of.flatMap((event) => Object.keys(there.events[event] ?? {})))];
}

/** Has the pool such a thing, and how many? */
function Seen({ one, own }: { one: Name; own: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const parts = [];
  if (one.kind !== "words") {
    if (!one.there) parts.push(t("templates.not_there"));
    else if (typeof one.share === "number") {
      parts.push(t("templates.seen.property", { seen: format.percent(one.share) }));
    } else if (one.seen === null) parts.push(t("templates.there"));
    else parts.push(t(`templates.seen.${one.kind}`, { seen: format.count(one.seen) }));
  }
  if (own) parts.push(t("templates.own"));
  return (
    <span className={one.there ? "soft" : "templates-lacking"}>
      {parts.join(t("templates.comma"))}
    </span>
  );
}
