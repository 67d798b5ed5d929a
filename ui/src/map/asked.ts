import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, told } from "../api/client";
import { Problem } from "../api/problem";
import { useSpoken } from "../i18n";
import { useMay } from "../shell/session";
import type { Answer } from "./figures";
import {
  type Box,
  boxAround,
  filters,
  type Level,
  resolutionAt,
  type Spot,
  type View,
} from "./view";

const AGAIN_MS = 10_000;
/** Cells in view are asked for so often while nothing else is followed. */
const CELLS_MS = 2_000;
const DRAWING_MS = 2_000;

/** What is seen: where, and how large the picture is. */
export interface Seen {
  spot: Spot;
  box: Box;
}

/** The figures of the areas in view. */
export function useHeat(view: View, level: Level, seen: Seen | undefined, paused = false) {
  const may = useMay("operator");
  const part = level === "district" || level === "cell";
  const bbox = part && seen ? boxAround(seen.box, seen.spot.zoom) : undefined;
  const resolution =
    level === "cell" && seen ? resolutionAt(seen.spot.zoom, seen.spot.lat) : undefined;
  const lang = useSpoken();
  const query = { level, bbox, resolution, lang, ...(may ? askedOf(view) : {}) } as const;
  const often = level === "cell" && filters(view) === 0 ? CELLS_MS : AGAIN_MS;
  return useQuery({
    queryKey: ["map", query],
    // Asked for without a format, the answer is never a file.
    queryFn: () => told(api.GET("/api/map", { params: { query } }) as Promise<{ data?: Answer }>),
    // Where the address names no place all of China is seen: nothing needs to be drawn to know that.
    enabled: seen !== undefined || (!part && view.at === ""),
    placeholderData: keepPreviousData,
    // A map of the past is drawn when it is first asked for.
    retry: (_, error) =>
      error instanceof Problem && error.status === 503 && (view.past || view.since) !== "",
    retryDelay: DRAWING_MS,
    refetchInterval: paused || view.past ? false : often,
  });
}

function askedOf(view: View) {
  return {
    at: view.past || undefined,
    since: view.since || undefined,
    band: view.band || undefined,
    who: view.who === "known" ? undefined : view.who,
    channel: view.channel || undefined,
    trait: view.trait || undefined,
    first_from: view.from || undefined,
    first_to: view.to || undefined,
    precision: view.precision ? Number(view.precision) : undefined,
    outlet: view.outlet || undefined,
    among: view.among || undefined,
  };
}
