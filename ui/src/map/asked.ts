import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useMay } from "../shell/session";
import { type Box, boxAround, type Level, resolutionAt, type Spot, type View } from "./view";

const AGAIN_MS = 10_000;

/** What is seen: where, and how large the picture is. */
export interface Seen {
  spot: Spot;
  box: Box;
}

/** The figures of the areas in view. */
export function useHeat(view: View, level: Level, seen: Seen | undefined) {
  const { i18n } = useTranslation();
  const may = useMay("operator");
  const part = level === "district" || level === "cell";
  const bbox = part && seen ? boxAround(seen.box, seen.spot.zoom) : undefined;
  const resolution =
    level === "cell" && seen ? resolutionAt(seen.spot.zoom, seen.spot.lat) : undefined;
  const lang = i18n.language === "zh" ? "zh" : "en";
  const query = { level, bbox, resolution, lang, ...(may ? filtersOf(view) : {}) } as const;
  return useQuery({
    queryKey: ["map", query],
    queryFn: () => told(api.GET("/api/map", { params: { query } })),
    enabled: seen !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
}

function filtersOf(view: View) {
  return {
    band: view.band || undefined,
    who: view.who === "known" ? undefined : view.who,
    channel: view.channel || undefined,
    trait: view.trait || undefined,
    first_from: view.from || undefined,
    first_to: view.to || undefined,
    precision: view.precision ? Number(view.precision) : undefined,
  };
}
