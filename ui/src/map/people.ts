import type { Level } from "./view";

/** The rule of a segment of those who are there, where a rule can say so. */
export function ruleOf(level: Level, id: string): object | undefined {
  if (level === "area") return { and: [{ trade_area: { any_of: [id] } }] };
  if (level === "cell" || !/^\d{6}$/.test(id)) return undefined;
  return { and: [{ district: { any_of: [id.replace(/(00)+$/, "")] } }] };
}
