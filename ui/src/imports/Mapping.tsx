import { AutoComplete, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import { type Cell, Sheet } from "../shell/Sheet";
import type { Staged } from "./upload";

type Mapped = components["schemas"]["Mapped"];

/** Who a row is about may stand under any name: these may be added where none was found. */
const WHO = [
  "user_id",
  "phone",
  "email",
  "unionid",
  "openid",
  "external_userid",
  "card",
  "anonymous_id",
  "device_id",
];

interface Shown {
  staged: Staged;
  given: Record<string, string>;
  change: (map: Record<string, string>) => void;
}

/** How a field is called on the page; the same word may mean another thing in another preset. */
export function useFieldName(preset: string) {
  const { t } = useTranslation();
  return (field: string, meaning = field) => {
    const [kind = "", scope] = field.split("@");
    const words = [`imports.fields.${preset}.${kind}`, `imports.fields.${kind}`];
    const word = t(words, { defaultValue: meaning });
    return scope ? `${word} @${scope}` : word;
  };
}

/** Which column each field is taken from, to be looked through and corrected. */
export function Mapping({ staged, given, change }: Shown) {
  const { t } = useTranslation();
  const [added, setAdded] = useState<string[]>([]);
  const listed = staged.mapping.map((line) => line.field);
  const rows: Mapped[] = [
    ...staged.mapping,
    ...added
      .filter((field) => !listed.includes(field))
      .map((field) => ({ field, meaning: field, column: "", how: "missing" as const })),
  ];
  const fieldName = useFieldName(staged.preset);
  const name = (line: Mapped) => fieldName(line.field, line.meaning);
  const shown = (line: Mapped) =>
    line.how !== "missing" || added.includes(line.field) || staged.lacks.includes(line.field);
  const unused = rows.filter((line) => !shown(line));
  const more = t("imports.unused", { count: unused.length });
  const columns: Cell<Mapped>[] = [
    {
      key: "field",
      title: t("imports.field"),
      head: true,
      show: (line) => (
        <span>
          {name(line)} <span className="soft imports-word">{line.field}</span>
        </span>
      ),
    },
    {
      key: "column",
      title: t("imports.column"),
      show: (line) => (
        <Column
          key={`${line.column}${line.how}`}
          label={name(line)}
          columns={staged.columns}
          value={line.how === "constant" ? `=${line.column}` : line.column}
          choose={(value) => change({ ...given, [line.field]: value })}
        />
      ),
    },
    {
      key: "how",
      title: t("imports.how"),
      show: (line) => <span className="soft">{t(`imports.hows.${line.how}`)}</span>,
    },
  ];
  return (
    <>
      <p className="soft">{t("imports.mapping_about")}</p>
      <Sheet
        label={t("imports.mapping")}
        columns={columns}
        rows={rows.filter(shown)}
        rowKey={(line) => line.field}
      />
      <details className="imports-gap">
        <summary>{more}</summary>
        <Sheet label={more} columns={columns} rows={unused} rowKey={(line) => line.field} />
      </details>
      <Select
        className="imports-column"
        aria-label={t("imports.add_who")}
        placeholder={t("imports.add_who")}
        value={null}
        onChange={(field: string) => setAdded([...added, field])}
        options={WHO.filter((field) => !rows.some((line) => line.field === field)).map((value) => ({
          value,
          label: t(`imports.fields.${value}`),
        }))}
      />
    </>
  );
}

interface Choice {
  label: string;
  columns: string[];
  value: string;
  choose: (value: string) => void;
}

/** A column of the file, `=TEXT` for the same in all rows, or nothing. */
function Column({ label, columns, value, choose }: Choice) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const done = (chosen: string) => {
    if (chosen !== value && (chosen === "" || chosen.startsWith("=") || columns.includes(chosen))) {
      choose(chosen);
    } else setText(value);
  };
  return (
    <AutoComplete
      className="imports-column"
      aria-label={label}
      value={text}
      placeholder={t("imports.no_column")}
      allowClear
      options={columns.map((one) => ({ value: one }))}
      onChange={(typed) => setText(typed ?? "")}
      onSelect={(chosen) => done(chosen)}
      onClear={() => done("")}
      onBlur={() => done(text)}
    />
  );
}
