import "../shell/sample.css";
import { Alert, Select } from "antd";
import { useTranslation } from "react-i18next";
import { FIELDS, NEEDED, type Outcome } from "./asked";

interface Shown {
  found: Outcome;
  choose: (field: string, heading: string) => void;
}

/** From which column each field is read, to be corrected by hand beside the first rows. */
export function Columns({ found, choose }: Shown) {
  const { t, i18n } = useTranslation();
  const lacks = found.lacks ?? [];
  const headings = found.headings ?? [];
  const named = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  return (
    <>
      <h3>{t("outlets.import.columns")}</h3>
      {lacks.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t("outlets.import.lacks", {
            fields: named.format(lacks.map((field) => t(`outlets.fields.${field}`))),
          })}
        />
      )}
      <div className="outlets-form outlets-columns">
        {FIELDS.map((field) => (
          <div className="outlets-field" key={field}>
            <span>
              {NEEDED.has(field)
                ? t("outlets.import.needed", { field: t(`outlets.fields.${field}`) })
                : t(`outlets.fields.${field}`)}
            </span>
            <Select
              aria-label={t(`outlets.fields.${field}`)}
              value={found.columns?.[field]}
              status={lacks.includes(field) ? "warning" : undefined}
              placeholder={t("outlets.import.absent")}
              allowClear
              showSearch
              onChange={(heading?: string) => choose(field, heading ?? "")}
              options={headings.map((value) => ({ value, label: value }))}
            />
          </div>
        ))}
      </div>
      <Sample headings={headings} rows={found.sample ?? []} columns={found.columns ?? {}} />
    </>
  );
}

interface Rows {
  headings: string[];
  rows: string[][];
  columns: Record<string, string>;
}

/** The first rows as they stand; above each column what is read from it. */
function Sample({ headings, rows, columns }: Rows) {
  const { t } = useTranslation();
  const label = t("outlets.import.sample", { count: rows.length });
  const read = new Map(Object.entries(columns).map(([field, heading]) => [heading, field]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
    <section className="sample outlets-sample" tabIndex={0} aria-label={label}>
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            {headings.map((heading) => (
              <th key={heading} scope="col" data-read={read.has(heading) || undefined}>
                {heading}
                {read.has(heading) && <small>{t(`outlets.fields.${read.get(heading)}`)}</small>}
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
