import type { components } from "../api/schema";
import type { Colouring } from "./view";

export type Figures = components["schemas"]["MapArea"];
export type Answer = components["schemas"]["MapView"];

/** What the colour of an area stands for. */
export function tells(area: Figures, colouring: Colouring): number {
  if (colouring === "change") return area.change ?? Number.NaN;
  if (colouring === "mean") return area.mean;
  return colouring === "count" ? area.profiles : area.hot / Math.max(area.profiles, 1);
}

/** Areas in the order of a ranking. */
export function ranked(areas: Figures[], colouring: Colouring, falling: boolean): Figures[] {
  const sign = falling ? -1 : 1;
  const told = areas.filter((area) => !Number.isNaN(tells(area, colouring)));
  return told.sort(
    (one, other) =>
      sign * (tells(one, colouring) - tells(other, colouring)) || other.profiles - one.profiles,
  );
}
