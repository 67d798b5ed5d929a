import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import type { Band } from "../shell/theme";

const [LOW, HIGH] = [-40, 100];
const PARTS: [Band, number, number][] = [
  ["cold", LOW, 0],
  ["cool", 0, 50],
  ["warm", 50, 80],
  ["hot", 80, HIGH],
];
const MARKS = [-40, -20, 0, 50, 80, 100];
const [WIDTH, SIDE, TOP, BAR] = [560, 16, 14, 12];

function place(degrees: number): number {
  const inside = Math.min(Math.max(degrees, LOW), HIGH);
  return SIDE + ((inside - LOW) / (HIGH - LOW)) * (WIDTH - 2 * SIDE);
}

/** The bands from cold to hot, with a mark where the person stands. */
export function Thermometer({ degrees, band }: { degrees: number; band: Band }) {
  const { t } = useTranslation();
  const format = useFormat();
  const at = place(degrees);
  const label = `${format.degrees(degrees)}, ${t(`shell.bands.${band}`)}`;
  return (
    <svg
      className="profiles-scale"
      viewBox={`0 0 ${WIDTH} 48`}
      width="100%"
      role="img"
      aria-label={label}
    >
      {PARTS.map(([part, from, to]) => (
        <rect
          key={part}
          x={place(from) + 1}
          y={TOP}
          width={place(to) - place(from) - 2}
          height={BAR}
          rx={3}
          fill={`var(--${part})`}
          opacity={part === band ? 1 : 0.35}
        />
      ))}
      <path d={`M${at - 7} 2h14l-7 10z`} fill="var(--ink)" />
      <rect x={at - 1} y={10} width={2} height={TOP + BAR - 8} fill="var(--ink)" />
      {MARKS.map((mark) => (
        <text
          key={mark}
          x={place(mark)}
          y={TOP + BAR + 6}
          textAnchor="middle"
          dominantBaseline="hanging"
          fill="var(--soft)"
        >
          {format.number(mark, 0)}
        </text>
      ))}
    </svg>
  );
}
