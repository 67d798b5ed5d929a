import "./sample.css";
import { Alert, Select } from "antd";
import { useTranslation } from "react-i18next";

/** How a list was understood that is tried. */
interface Understood {
  columns?: Record<string, string>;
  lacks?: string[];
  headings?: string[];
  sample?: string[][];
}

interface Shown {
  /** What each field is called. */
  called: (field: string) => string;
  fields: readonly string[];
  needed: ReadonlySet<string>;
  found: Understood;
  choose: (field: string, heading: string) => void;
}

/** From which column each field is read, to be corrected by hand beside the first rows. */
export function ListColumns({ called, fields, needed, found, choose }: Shown) {
  const { t, i18n } = useTranslation();
  const lacks = found.lacks ?? [];
  const headings = found.headings ?? [];
  const named = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  return (
    <>
      <h3>{t("shell.list.columns")}</h3>
      {lacks.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t("shell.list.lacks", {
            fields: named.format(lacks.map((field) => called(field))),
          })}
        />
      )}
      <div className="list-columns">
        {fields.map((field) => (
          <div className="list-column" key={field}>
            <span>
              {needed.has(field) ? t("shell.list.needed", { field: called(field) }) : called(field)}
            </span>
            <Select
              aria-label={called(field)}
              value={found.columns?.[field]}
              status={lacks.includes(field) ? "warning" : undefined}
              placeholder={t("shell.list.absent")}
              allowClear
              showSearch
              onChange={(heading?: string) => choose(field, heading ?? "")}
              options={headings.map((value) => ({ value, label: value }))}
            />
          </div>
        ))}
      </div>
      <Sample
        called={called}
        headings={headings}
        rows={found.sample ?? []}
        columns={found.columns ?? {}}
      />
    </>
  );
}

interface Rows {
  called: (field: string) => string;
  headings: string[];
  rows: string[][];
  columns: Record<string, string>;
}

/** The first rows as they stand; above each column what is read from it. */
function Sample({ called, headings, rows, columns }: Rows) {
  const { t } = useTranslation();
  const label = t("shell.list.sample", { count: rows.length });
  const read = new Map(Object.entries(columns).map(([field, heading]) => [heading, field]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
    <section className="sample list-sample" tabIndex={0} aria-label={label}>
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            {headings.map((heading) => (
              <th key={heading} scope="col" data-read={read.has(heading) || undefined}>
                {heading}
                {read.has(heading) && <small>{called(read.get(heading) ?? "")}</small>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have nothing else.
            <tr key={line}>
              {headings.map((heading, at) => (
                <td key={heading}>{row[at]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
