import { useQuery } from "@tanstack/react-query";
import type { Feature, Polygon } from "geojson";
import { api, told } from "../api/client";
import type { components } from "../api/schema";

export type Outlet = components["schemas"]["Outlet"];

const AGAIN_MS = 60_000;
const AROUND = 64;
const METRES = 111_195;

/** The outlets and whom they serve. */
export function useOutlets(wanted: boolean) {
  return useQuery({
    queryKey: ["outlets", "all"],
    queryFn: () => told(api.GET("/api/outlets")),
    enabled: wanted,
    refetchInterval: AGAIN_MS,
  });
}

/** How far an outlet serves, as an area. */
export function reachOf({ lon, lat, radius }: Outlet): Feature<Polygon> {
  const high = radius / METRES;
  const wide = high / Math.max(Math.cos((lat * Math.PI) / 180), 0.01);
  const ring = Array.from({ length: AROUND + 1 }, (_, at) => {
    const angle = (2 * Math.PI * (at % AROUND)) / AROUND;
    return [lon + wide * Math.cos(angle), lat + high * Math.sin(angle)];
  });
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
}
