import { cellToBoundary } from "h3-js";
import { colourOf, type Step } from "./colours";
import { type Figures, tells } from "./figures";
import type { Area } from "./outlines";
import type { Colouring } from "./view";

/** Hexagons of these cells, coloured; their edges lie on both sides of no meridian. */
export function hexagons(areas: Figures[], colouring: Colouring, steps: Step[]): Area[] {
  return areas.map((one) => ({
    type: "Feature",
    properties: { id: one.id, name: one.name, colour: colourOf(tells(one, colouring), steps) },
    geometry: { type: "Polygon", coordinates: [ring(one.id)] },
  }));
}

function ring(id: string): number[][] {
  const points = cellToBoundary(id, true);
  const east = points.map(([lng]) => lng);
  if (Math.max(...east) - Math.min(...east) <= 180) return points;
  return points.map(([lng, lat]) => [lng < 0 ? lng + 360 : lng, lat]);
}
