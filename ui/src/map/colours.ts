import { BAND_COLOURS, COLOURS, type Shade } from "../shell/theme";
import type { Colouring } from "./view";

/** One step of a legend: from this value on, in this colour. */
export interface Step {
  /** Least value; the first step has none. */
  from: number;
  colour: string;
}

/** A colour between two, as `#rrggbb`. */
export function mixed(one: string, other: string, share: number): string {
  const parts = (text: string) =>
    [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
  const far = parts(other);
  const between = parts(one).map((part, i) => Math.round(part + ((far[i] ?? 0) - part) * share));
  return `#${between.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Colours of mean temperatures: the hue tells the band, the depth where in it. */
function temperatures(shade: Shade): Step[] {
  const { hot, warm, cool, cold } = BAND_COLOURS[shade];
  const pale = COLOURS[shade].paper ?? "";
  return [
    { from: Number.NEGATIVE_INFINITY, colour: cold.fill },
    { from: -10, colour: mixed(cold.fill, pale, 0.35) },
    { from: 0, colour: mixed(cool.fill, pale, 0.78) },
    { from: 10, colour: mixed(cool.fill, pale, 0.52) },
    { from: 20, colour: mixed(cool.fill, pale, 0.26) },
    { from: 35, colour: cool.fill },
    { from: 50, colour: mixed(warm.fill, pale, 0.45) },
    { from: 65, colour: warm.fill },
    { from: 80, colour: hot.fill },
  ];
}

/** Degrees of change, colder and warmer. */
const CHANGES = [-10, -3, -1, 1, 3, 10];

function changes(shade: Shade): Step[] {
  const { hot, cool } = BAND_COLOURS[shade];
  const pale = COLOURS[shade].paper ?? "";
  const colours = [
    ...[0, 0.35, 0.7].map((share) => mixed(cool.fill, pale, share)),
    mixed(pale, COLOURS[shade].soft ?? "", 0.12),
    ...[0.7, 0.35, 0].map((share) => mixed(hot.fill, pale, share)),
  ];
  const from = [Number.NEGATIVE_INFINITY, ...CHANGES];
  return colours.map((colour, at) => ({ from: from[at] ?? 0, colour }));
}

const SHARES = [0, 0.02, 0.05, 0.1, 0.2, 0.4];
const TINTS = [0.88, 0.7, 0.52, 0.34, 0.16, 0];
const COUNT_STEPS = 5;

/** The steps that colours tell; those of counts reach to the largest one. */
export function steps(colouring: Colouring, shade: Shade, largest: number): Step[] {
  if (colouring === "mean") return temperatures(shade);
  if (colouring === "change") return changes(shade);
  const pale = COLOURS[shade].paper ?? "";
  if (colouring === "hot") {
    const full = BAND_COLOURS[shade].hot.fill;
    return SHARES.map((from, i) => ({ from, colour: mixed(full, pale, TINTS[i] ?? 0) }));
  }
  const full = COLOURS[shade].link ?? "";
  const bounds = rounds(largest);
  return bounds.map((from, i) => {
    const share = bounds.length === 1 ? 0 : 1 - i / (bounds.length - 1);
    return { from, colour: mixed(full, pale, share * 0.85) };
  });
}

/** Round numbers from 1 towards `largest`, evenly apart in size. */
function rounds(largest: number): number[] {
  const found = [1];
  const ratio = Math.max(largest, 2) ** (1 / COUNT_STEPS);
  for (let i = 1; i < COUNT_STEPS; i++) {
    const exact = ratio ** i;
    const ten = 10 ** Math.floor(Math.log10(exact));
    const next = ([1, 2, 5, 10].find((one) => one * ten >= exact * 0.99) ?? 10) * ten;
    if (next > (found.at(-1) ?? 0) && next <= largest) found.push(next);
  }
  return found;
}

/** Of an area about which this may not be told. */
export const NOTHING = "rgba(0,0,0,0)";

/** The colour of a value. */
export function colourOf(value: number, of: Step[]): string {
  if (Number.isNaN(value)) return NOTHING;
  return (of.findLast((step) => value >= step.from) ?? of[0])?.colour ?? "";
}
