import { useQuery } from "@tanstack/react-query";
import type { Feature, FeatureCollection, MultiLineString, MultiPolygon, Polygon } from "geojson";
import { useMemo } from "react";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { api, ask, told } from "../api/client";
import type { components } from "../api/schema";
import type { Box, Shipped } from "./view";

export interface About {
  id: string;
  name: string;
  name_en?: string;
  centre?: [number, number];
}
export type Area = Feature<Polygon | MultiPolygon, About>;
export interface Outlines {
  areas: Area[];
  byId: Map<string, Area>;
  /** Lines that belong to the outlines without bounding an area: the dash line. */
  strokes: Feature<MultiLineString>[];
}
export type Layer = "world" | Shipped;
/** A layer as the server lists it. */
export type Outline = components["schemas"]["Outline"];
type Document = Topology | FeatureCollection;

const KEPT = { staleTime: Number.POSITIVE_INFINITY, gcTime: Number.POSITIVE_INFINITY };

const SHIPPED = new Set(["world", "province", "city", "district"]);

function useListed() {
  return useQuery({
    queryKey: ["outlines"],
    queryFn: () => told(api.GET("/api/map/outlines")),
    ...KEPT,
  });
}

/** What whoever runs the server put there: all of it, and what lies beside the shipped outlines. */
export function useOwn(): { own: Outline[]; added: Outline[] } {
  const { data } = useListed();
  return useMemo(() => {
    const own = (data?.items ?? []).filter((one) => one.own);
    return { own, added: own.filter((one) => !SHIPPED.has(one.name)) };
  }, [data]);
}

/** The outlines of a layer: fetched once, as the server has them; the browser keeps that version. */
export function useOutlines(layer: Layer, wanted = true) {
  const listed = useListed();
  const url = listed.data?.items.find((one) => one.name === layer)?.url;
  const found = useQuery({
    queryKey: ["outlines", layer, url],
    queryFn: async () => {
      return outlinesOf(await documentOf(url ?? ""));
    },
    enabled: wanted && url !== undefined,
    ...KEPT,
  });
  return { data: found.data, error: listed.error ?? found.error };
}

/** The document of a layer. */
export async function documentOf(url: string): Promise<Document> {
  const answer = await ask(new URL(url, location.origin).href);
  return (await answer.json()) as Document;
}

/** Every feature of a TopoJSON or GeoJSON document. */
export function featuresOf(document: Document): Feature[] {
  if (document.type !== "Topology") return document.features;
  return Object.values(document.objects).flatMap((object) => {
    const made = feature(document, object as GeometryCollection) as FeatureCollection | Feature;
    return made.type === "FeatureCollection" ? made.features : [made];
  });
}

/** Outlines from TopoJSON or GeoJSON. */
export function outlinesOf(document: Document): Outlines {
  const all = featuresOf(document);
  const areas: Area[] = [];
  const strokes: Feature<MultiLineString>[] = [];
  for (const one of all) {
    if (one.geometry?.type === "MultiLineString") {
      strokes.push(one as Feature<MultiLineString>);
    } else if (one.geometry?.type === "Polygon" || one.geometry?.type === "MultiPolygon") {
      const id = String(one.id ?? one.properties?.id ?? "");
      const name = String(one.properties?.name ?? "");
      areas.push({ ...one, properties: { ...one.properties, id, name } } as Area);
    }
  }
  return { areas, byId: new Map(areas.map((area) => [area.properties.id, area])), strokes };
}

const boxes = new WeakMap<object, Box>();

/** West, south, east, north of an area. */
export function boxOf(area: Feature<Polygon | MultiPolygon>): Box {
  const kept = boxes.get(area);
  if (kept) return kept;
  const box: Box = [180, 90, -180, -90];
  for (const ring of ringsOf(area)) {
    for (const [x = 0, y = 0] of ring) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  boxes.set(area, box);
  return box;
}

function ringsOf(area: Feature<Polygon | MultiPolygon>): number[][][] {
  const { geometry } = area;
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
}

/** The area of these that a point lies in. */
export function areaAt(areas: Area[], lng: number, lat: number): Area | undefined {
  return areas.find((area) => {
    const [west, south, east, north] = boxOf(area);
    if (lng < west || lng > east || lat < south || lat > north) return false;
    return ringsOf(area).filter((ring) => crosses(ring, lng, lat)).length % 2 === 1;
  });
}

/** Does a line from the point to the east cross the ring an odd number of times? */
function crosses(ring: number[][], lng: number, lat: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    if (yi > lat !== yj > lat && lng < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
