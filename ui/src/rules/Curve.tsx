import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { Temperature } from "../shell/Temperature";
import { after, type Crossing, type Term } from "./law";

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [320, 150, 36, 22];
const [TOP_DEGREES, LOW_DEGREES] = [100, -40];
const POINTS = 96;
const EDGES = [
  [80, "hot"],
  [50, "warm"],
  [0, "cool"],
] as const;

interface Shown {
  terms: Term[];
  eHalf: number;
  crossings: Crossing[];
}

/** How an energy cools, as a small drawing with its numbers below. */
export function Curve({ terms, eHalf, crossings }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const longest = Math.max(...terms.map(({ halfLifeDays }) => halfLifeDays), 1);
  const last = crossings.at(-1)?.days ?? 0;
  const span = nice(Math.min(Math.max(longest, last * 1.25), 3_650));
  const x = (days: number) => LEFT + (days / span) * (WIDTH - LEFT - 8);
  const y = (degrees: number) =>
    6 + ((TOP_DEGREES - degrees) / (TOP_DEGREES - LOW_DEGREES)) * (HEIGHT - BOTTOM - 6);
  const points = Array.from({ length: POINTS + 1 }, (_, at) => (at / POINTS) * span);
  const path = points.map(
    (days) => `${x(days).toFixed(1)},${y(after(terms, eHalf, days)).toFixed(1)}`,
  );
  const marks = [0, 0.25, 0.5, 0.75, 1].map((part) => part * span);
  return (
    <figure className="rules-curve">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("rules.meaning.curve")}>
        {EDGES.map(([degrees, band]) => (
          <g key={band}>
            <line
              x1={LEFT}
              x2={WIDTH - 8}
              y1={y(degrees)}
              y2={y(degrees)}
              stroke={`var(--${band})`}
              strokeDasharray="4 3"
            />
            <text x={LEFT - 6} y={y(degrees) + 4} textAnchor="end">
              {degrees}°
            </text>
          </g>
        ))}
        <polyline points={path.join(" ")} />
        {marks.map((days) => (
          <text key={days} x={x(days)} y={HEIGHT - 5} textAnchor={days === span ? "end" : "middle"}>
            {format.count(days)}
          </text>
        ))}
      </svg>
      <details>
        <summary>{t("rules.meaning.numbers")}</summary>
        <table>
          <tbody>
            {marks.map((days) => (
              <tr key={days}>
                <th scope="row">
                  {t("rules.meaning.after", { count: days, told: format.count(days) })}
                </th>
                <td>
                  <Temperature value={after(terms, eHalf, days)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** The next round number of days that four parts of are round too. */
function nice(days: number): number {
  const steps = [4, 8, 12, 20, 28, 40, 60, 80, 120, 180, 240, 360, 480, 720, 1_080, 1_460, 2_000];
  return steps.find((step) => step >= days) ?? 3_652;
}
