import { Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { type Found, four, GRADES, type Part } from "./asked";
import { Written } from "./Parameters";
import { MEASURES, type View } from "./page";

interface Shown {
  found: Found;
  picked: string;
  pick: (name: string) => void;
  measure: View["measure"];
  choose: (measure: View["measure"]) => void;
  view: View;
  put: (patch: Partial<View>) => void;
}

/** So much of the accent at most: what is written on it stays readable. */
const DARKEST = 45;

/** 25 cells by grades of recency and frequency. */
export function Grid({ found, picked, pick, measure, choose, view, put }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const cells = new Map(found.grid.map((one) => [one.name, one]));
  const most = Math.max(...found.grid.map((one) => one[measure]), 0);
  const { recency, frequency } = found.thresholds;
  const share = (one: Part) =>
    one.revenue_share === null ? "–" : format.percent(one.revenue_share);
  return (
    <section className="panel" aria-labelledby="rfm-grid">
      <h2 id="rfm-grid">{t("rfm.grid")}</h2>
      <p className="soft">{t("rfm.grid_how")}</p>
      <Segmented
        aria-label={t("rfm.measure")}
        value={measure}
        onChange={choose}
        options={MEASURES.map((value) => ({ value, label: t(`rfm.${value}`) }))}
      />
      <div className="rfm-form rfm-ends">
        <Written
          label={t("rfm.recency_ends")}
          kind="text"
          value={view.recency}
          hint={recency.join(", ")}
          put={(ends) => put({ recency: four(ends, 0) ?? "" })}
        />
        <Written
          label={t("rfm.frequency_ends")}
          kind="text"
          value={view.frequency}
          hint={frequency.join(", ")}
          put={(ends) => put({ frequency: four(ends, 1) ?? "" })}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys. */}
      <section className="rfm-scroll" tabIndex={0} aria-label={t("rfm.grid")}>
        <table className="rfm-grid">
          <thead>
            <tr>
              <th scope="col">{t("rfm.recency")}</th>
              {GRADES.map((grade) => (
                <th key={grade} scope="col">
                  {t("rfm.frequency_grade", { grade })}
                  <small>
                    {grade > 1
                      ? t("rfm.orders_least", { orders: frequency[grade - 2] })
                      : t("rfm.orders_fewer")}
                  </small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {GRADES.map((grade) => (
              <tr key={grade}>
                <th scope="row">
                  {t("rfm.recency_grade", { grade })}
                  <small>
                    {grade > 1
                      ? t("rfm.days_most", { days: recency[5 - grade] })
                      : t("rfm.days_more")}
                  </small>
                </th>
                {GRADES.map((often) => {
                  const one = cells.get(`${grade}-${often}`);
                  if (!one) return null;
                  const depth = most > 0 ? (DARKEST * Math.max(one[measure], 0)) / most : 0;
                  return (
                    <td key={often}>
                      <button
                        type="button"
                        aria-pressed={picked === one.name}
                        title={t("rfm.cell", {
                          name: t("rfm.cell_name", { r: grade, f: often }),
                          customers: format.count(one.customers),
                          share: share(one),
                        })}
                        data-cell={one.name}
                        onClick={() => pick(one.name)}
                        style={{
                          background: `color-mix(in srgb, var(--accent) ${depth.toFixed(1)}%, var(--paper))`,
                        }}
                      >
                        <b>{format.count(one.customers)}</b>
                        <small>{share(one)}</small>
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
