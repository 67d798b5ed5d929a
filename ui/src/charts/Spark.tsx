const [WIDTH, HEIGHT, EDGE] = [96, 24, 2];

interface Shown {
  /** Evenly apart in time; none where there was nothing yet. */
  values: (number | null)[];
  /** What it says, for those who do not see it. */
  label: string;
}

/** How a number went, as a small line. */
export function Spark({ values, label }: Shown) {
  const points = placed(values);
  if (points.length < 2) return null;
  const last = points.at(-1);
  return (
    <svg className="spark" width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      <title>{label}</title>
      <polyline points={points.map(([x, y]) => `${x},${y}`).join(" ")} />
      {last && <circle cx={last[0]} cy={last[1]} r={EDGE} />}
    </svg>
  );
}

/** Where each value lies; a line without ups and downs lies in the middle. */
export function placed(values: (number | null)[]): [x: number, y: number][] {
  const known = values.flatMap((value, at) => (value === null ? [] : [[at, value] as const]));
  const all = known.map(([, value]) => value);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const across = (WIDTH - 2 * EDGE) / Math.max(values.length - 1, 1);
  const up = (value: number) => (high > low ? (value - low) / (high - low) : 0.5);
  return known.map(([at, value]) => [
    EDGE + at * across,
    HEIGHT - EDGE - up(value) * (HEIGHT - 2 * EDGE),
  ]);
}
