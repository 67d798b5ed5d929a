import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { MultiPolygon, Polygon } from "geojson";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useUndo } from "../shell/undo";
import { type Area, boxOf, type Outlines, outlinesOf } from "./outlines";
import { geometryOf, type Sketch } from "./sketch";

export type TradeArea = components["schemas"]["TradeArea"];
export type Added = components["schemas"]["Added"];
export type Datum = "wgs84" | "gcj02" | "bd09";

const AGAIN_MS = 60_000;
const NONE: TradeArea[] = [];

/** The trade areas, and their outlines with the small ones on top. */
export function useAreas(wanted: boolean): { items: TradeArea[]; drawn: Outlines; known: boolean } {
  const { data } = useQuery({
    queryKey: ["areas"],
    queryFn: () => told(api.GET("/api/areas")),
    enabled: wanted,
    refetchInterval: AGAIN_MS,
  });
  const items = data?.items ?? NONE;
  const drawn = useMemo(() => {
    const features = items.map((one) => ({
      type: "Feature" as const,
      properties: { id: one.id, name: one.name },
      geometry: shapeOf(one),
    }));
    const found = outlinesOf({ type: "FeatureCollection", features });
    return { ...found, areas: found.areas.sort((one, other) => extent(other) - extent(one)) };
  }, [items]);
  return { items, drawn, known: data !== undefined };
}

export function shapeOf(area: TradeArea): Polygon | MultiPolygon {
  return area.geometry as unknown as Polygon | MultiPolygon;
}

function extent(area: Area): number {
  const [west, south, east, north] = boxOf(area);
  return (east - west) * (north - south);
}

/** What may be done to trade areas; afterwards everything that shows them is asked for again. */
export function useAreaEdits() {
  const { t } = useTranslation();
  const undo = useUndo();
  const client = useQueryClient();
  const again = useCallback(
    () => Promise.all(["areas", "map"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
    [client],
  );
  const save = useMutation({
    mutationFn: async (sketch: Sketch): Promise<string> => {
      const geometry = geometryOf(sketch) as unknown as Record<string, unknown>;
      const name = sketch.name.trim();
      if (sketch.id) {
        const path = { id: sketch.id };
        await told(api.PATCH("/api/areas/{id}", { params: { path }, body: { name, geometry } }));
        return sketch.id;
      }
      const feature = { type: "Feature", properties: { name }, geometry };
      const { items } = await told(api.POST("/api/areas", { body: feature }));
      return items[0]?.id ?? "";
    },
    onSuccess: again,
  });
  const remove = useMutation({
    mutationFn: async ({ id }: { id: string; name: string }) => {
      await api.DELETE("/api/areas/{id}", { params: { path: { id } } });
    },
    onSuccess: async (_, { id, name }) => {
      await again();
      undo(t("map.areas_deleted", { name }), async () => {
        await told(api.POST("/api/areas/{id}/restore", { params: { path: { id } } }));
        await again();
      });
    },
  });
  const bring = useMutation({
    mutationFn: ({ body, datum, name }: { body: object; datum: Datum; name: string }) =>
      told(
        api.POST("/api/areas", {
          params: { query: { datum, name } },
          body: body as Record<string, unknown>,
        }),
      ),
    onSuccess: again,
  });
  return { save, remove, bring };
}

/** What is being drawn, step by step. */
export function useSketch() {
  const [steps, setSteps] = useState<Sketch[]>([]);
  const change = useCallback((next: Sketch) => setSteps((before) => [...before, next]), []);
  const begin = useCallback((first: Sketch) => setSteps([first]), []);
  const back = useCallback(() => setSteps((before) => before.slice(0, -1)), []);
  const end = useCallback(() => setSteps([]), []);
  return { now: steps.at(-1), first: steps.length < 2, change, begin, back, end };
}

export type Sketched = ReturnType<typeof useSketch>;
