import { useEffect, useMemo, useState } from "react";
import { useSpoken } from "../i18n";
import type { Seen } from "./asked";
import { colourOf, type Step } from "./colours";
import countries from "./countries.json";
import type { Circle, Named, Spotted } from "./drawing";
import { type Answer, type Figures, tells } from "./figures";
import { type Area, areaAt, boxOf, type Outlines, useOutlines } from "./outlines";
import { type Box, type Colouring, type Level, levelAt, type Shipped } from "./view";

/** The size of the picture, for choosing a level. */
export interface Looking extends Seen {
  size: { width: number; height: number };
}

export interface Ground {
  level: Level;
  /** The shipped outlines that are drawn beneath. */
  under: Shipped;
  seen: Looking | undefined;
  look: (seen: Looking) => void;
  outlines: Partial<Record<"world" | Shipped | "area", Outlines>>;
  error: unknown;
  /** The province and the city that the middle of the picture lies in, from large to small. */
  path: Area[];
}

const MIDDLES = countries as unknown as Record<string, [number, number]>;
const NO_AREAS: Area[] = [];

/**
 * What is looked at: which level the zoom asks for, its outlines, and what lies in the middle.
 * Who may not see people (`all`) has neither cells nor trade areas.
 */
export function useGround(wanted: "auto" | Level, all: boolean, drawn?: Outlines): Ground {
  const [seen, look] = useState<Looking>();
  const world = useOutlines("world");
  const province = useOutlines("province");
  const provinces = province.data?.areas ?? NO_AREAS;
  const { spot } = seen ?? {};
  const here = useMemo(
    () => (spot ? areaAt(provinces, spot.lng, spot.lat) : undefined),
    [provinces, spot],
  );
  const abroad =
    !!seen && provinces.length > 0 && !here && !provinces.some((one) => centred(one, seen));
  const auto = seen ? levelAt(seen.spot.zoom, seen.size, abroad) : "province";
  const asked = wanted === "auto" ? auto : wanted;
  const level = (asked === "cell" || asked === "area") && !all ? "district" : asked;
  const beneath = level === "area" ? auto : level;
  const under = beneath === "cell" ? "district" : beneath;
  const city = useOutlines("city", under !== "province");
  const district = useOutlines("district", under === "district");
  const near = auto !== "province";
  const path = useMemo(() => {
    if (!spot || !here || !near) return [];
    const within =
      city.data && auto !== "city" ? areaAt(city.data.areas, spot.lng, spot.lat) : undefined;
    return within && within.properties.id !== here.properties.id ? [here, within] : [here];
  }, [spot, here, near, auto, city.data]);
  const [worlds, one, two, three] = [world.data, province.data, city.data, district.data];
  const outlines = useMemo(
    () => ({ world: worlds, province: one, city: two, district: three, area: drawn }),
    [worlds, one, two, three, drawn],
  );
  const error = world.error ?? province.error ?? city.error ?? district.error;
  return { level, under, seen, look, outlines, error, path };
}

function centred(area: Area, { box: [west, south, east, north] }: Seen): boolean {
  const [lng, lat] = area.properties.centre ?? [999, 999];
  return lng >= west && lng <= east && lat >= south && lat <= north;
}

/** What is drawn of an answer. */
export interface Shapes {
  level: Level;
  under: Shipped;
  spotted: Spotted[];
  cells: Area[];
  circles: Circle[];
  named: Named[];
  /** The outline of an area or cell that is drawn. */
  shapeOf: (id: string) => Area | undefined;
  /** Where the circle of a country is. */
  circleOf: (id: string) => Circle | undefined;
}

const [LEAST, MOST] = [5, 26];

/** As much around the middle of a country as most countries take. */
const AROUND = [20, 16] as const;

/** What there is to see of a country whose outline is not shipped. */
export function aroundCountry(id: string): Box | undefined {
  const [lng, lat] = MIDDLES[id] ?? [];
  if (lng === undefined || lat === undefined) return undefined;
  return [lng - AROUND[0], lat - AROUND[1], lng + AROUND[0], lat + AROUND[1]];
}

/** The shapes and colours of an answer; `undefined` while something for it is still on its way. */
export function useShapes(
  answer: Answer | undefined,
  ground: Ground,
  colouring: Colouring,
  steps: Step[],
  overlaid = false,
): Shapes | undefined {
  const english = useSpoken() === "en";
  const [hexagons, setHexagons] = useState<typeof import("./cells").hexagons>();
  const level = answer?.level as Level | undefined;
  useEffect(() => {
    if (level === "cell") void import("./cells").then((found) => setHexagons(() => found.hexagons));
  }, [level]);
  const { outlines, under } = ground;
  return useMemo(() => {
    if (!answer || !level) return undefined;
    const colour = (one: Figures) => colourOf(tells(one, colouring), steps);
    const cells =
      level === "cell" && hexagons ? hexagons(answer.areas, colouring, steps) : NO_AREAS;
    const own = level === "cell" ? undefined : outlines[level];
    if (level === "cell" ? !hexagons : !own) return undefined;
    const byId = own?.byId ?? new Map(cells.map((one) => [one.properties.id, one]));
    const circles = level === "cell" ? [] : circlesOf(answer.areas, colour);
    const round = new Map(circles.map((one) => [one.id, one]));
    return {
      level,
      under,
      spotted: answer.areas.map((one) => ({ id: one.id, colour: colour(one) })),
      cells,
      circles,
      named: [
        ...namesOf(outlines[under], answer.areas, circles, english),
        ...(overlaid || level === "area" ? areaNames(outlines.area) : []),
      ],
      shapeOf: (id) => byId.get(id),
      circleOf: (id) => round.get(id),
    };
  }, [answer, level, under, colouring, steps, hexagons, outlines, english, overlaid]);
}

/** The circles of the countries among these areas. */
export function circlesOf<One extends Pick<Figures, "id" | "profiles">>(
  areas: One[],
  colour: (one: One) => string,
): Circle[] {
  const abroad = areas.filter((one) => MIDDLES[one.id]);
  const largest = Math.max(1, ...abroad.map((one) => one.profiles));
  return abroad.map((one) => ({
    id: one.id,
    colour: colour(one),
    at: MIDDLES[one.id] ?? [0, 0],
    radius: LEAST + (MOST - LEAST) * Math.sqrt(one.profiles / largest),
  }));
}

/** Trade areas are named before all others. */
function areaNames(drawn: Outlines | undefined): Named[] {
  return (drawn?.areas ?? []).map((one, rank) => {
    const [west, south, east, north] = boxOf(one);
    return {
      name: one.properties.name,
      at: [(west + east) / 2, (south + north) / 2],
      rank: rank - 10_000,
      below: 0,
    };
  });
}

/** Areas are written where they are; over cells and trade areas, those around them. */
export function namesOf(
  layer: Outlines | undefined,
  told: Pick<Figures, "id" | "name">[],
  circles: Circle[],
  english: boolean,
): Named[] {
  const rank = new Map(told.map((one, at) => [one.id, at]));
  const areas = (layer?.areas ?? []).flatMap((one): Named[] => {
    const { id, name, name_en, centre } = one.properties;
    const [west, south, east, north] = boxOf(one);
    const at = centre ?? [(west + east) / 2, (south + north) / 2];
    return [{ name: english ? name_en || name : name, at, rank: rank.get(id) ?? 5_000, below: 0 }];
  });
  const spoken = new Map(told.map((one) => [one.id, one.name]));
  const round = circles.map(({ id, at, radius }) => ({
    name: spoken.get(id) ?? "",
    at,
    rank: rank.get(id) ?? 0,
    below: radius / 12 + 0.8,
  }));
  return [...areas, ...round];
}
