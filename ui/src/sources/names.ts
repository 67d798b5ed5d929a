/** The libraries for which there are snippets; apart, for addresses are read before any is shown. */

export const NAMES = [
  "curl",
  "script",
  "segment_web",
  "segment_node",
  "segment_python",
  "sensors_web",
  "sensors_node",
  "sensors_python",
  "miniprogram",
] as const;

export type Name = (typeof NAMES)[number];
