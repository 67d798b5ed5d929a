import { useTranslation } from "react-i18next";
import { csv, ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { BandShape } from "../shell/Temperature";
import type { Band } from "../shell/theme";

const STATES = ["hot", "warm", "cool", "cooled", "never_warm"] as const;
type State = (typeof STATES)[number];

function bandOfState(state: State): Band {
  return state === "cooled" || state === "never_warm" ? "cold" : state;
}

/** How many profiles go from which band (rows) to which (columns). */
export function Matrix({ matrix }: { matrix: Record<string, Record<string, number>> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = (state: State) => {
    const band = bandOfState(state);
    const cold = band === "cold" ? ` · ${t(`shell.cold.${state}`)}` : "";
    return `${t(`shell.bands.${band}`)}${cold}`;
  };
  const count = (from: State, to: State) => matrix[from]?.[to] ?? 0;
  const from = () =>
    csv(
      [t("rules.found.from_to"), ...STATES.map(name)],
      STATES.map((row) => [name(row), ...STATES.map((column) => count(row, column))]),
    );
  const head = (state: State) => (
    <span className="band">
      <BandShape band={bandOfState(state)} size={9} /> {name(state)}
    </span>
  );
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
      <section className="rules-scroll" tabIndex={0} aria-label={t("rules.found.matrix")}>
        <table className="rules-matrix">
          <thead>
            <tr>
              <th scope="col">{t("rules.found.from_to")}</th>
              {STATES.map((state) => (
                <th key={state} scope="col">
                  {head(state)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {STATES.map((row) => (
              <tr key={row}>
                <th scope="row">{head(row)}</th>
                {STATES.map((column) => {
                  const people = count(row, column);
                  const kind = row === column ? "stays" : people ? "moves" : "none";
                  return (
                    <td key={column} data-kind={kind} data-way={`${row}-${column}`}>
                      {format.count(people)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <ExportButton files={[{ label: "CSV", from, name: "rules-preview.csv" }]} />
    </>
  );
}
