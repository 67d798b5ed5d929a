import { BAND_COLOURS, COLOURS, type Shade } from "../shell/theme";

/** The colour of a stage: the same on every chart, warm for who comes and cold for who does not. */
export function colourOf(stage: string, shade: Shade): string {
  const bands = BAND_COLOURS[shade];
  const { accent = "", good = "", soft = "" } = COLOURS[shade];
  const known: Record<string, string> = {
    new: good,
    active: bands.warm.fill,
    loyal: bands.hot.fill,
    returned: accent,
    sleeping: bands.cool.fill,
    lost: bands.cold.fill,
  };
  return known[stage] ?? soft;
}
