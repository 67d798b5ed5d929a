import { useEffect, useMemo, useState } from "react";
import { useSpoken } from "../i18n";
import type { Seen } from "./asked";
import { colourOf, type Step } from "./colours";
import countries from "./countries.json";
import type { Circle, Named, Spotted } from "./drawing";
import { type Answer, type Figures, tells } from "./figures";
import { type Area, areaAt, boxOf, type Outlines, useOutlines } from "./outlines";
import { type Box, type Colouring, fills, holds, type Level, levelAt, type Shipped } from "./view";

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
  /** The province and the city that one looks at, from large to small. */
  path: Area[];
}

const MIDDLES = countries as unknown as Record<string, [number, number]>;
const NO_AREAS: Area[] = [];

/**
 * What is looked at: which level the zoom asks for, its outlines, and what lies in the middle.
 * Who may not see people (`all`) has neither cells nor trade areas. The outlines of the level that
 * is chosen from (`also`) are there too.
 */
export function useGround(
  wanted: "auto" | Level,
  all: boolean,
  drawn?: Outlines,
  also?: Level,
): Ground {
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
  const city = useOutlines("city", under !== "province" || also === "city");
  const district = useOutlines("district", [under, also].includes("district"));
  const path = useMemo(
    () => (seen ? pathOf(provinces, city.data?.areas ?? NO_AREAS, seen) : NO_AREAS),
    [seen, provinces, city.data],
  );
  const [worlds, one, two, three] = [world.data, province.data, city.data, district.data];
  const outlines = useMemo(
    () => ({ world: worlds, province: one, city: two, district: three, area: drawn }),
    [worlds, one, two, three, drawn],
  );
  const error = world.error ?? province.error ?? city.error ?? district.error;
  return { level, under, seen, look, outlines, error, path };
}

/**
 * The province and the city that one looks at: what is seen whole, or has the middle in it, and is
 * most of the picture. The middle of a long province may lie in another one.
 */
export function pathOf(provinces: Area[], cities: Area[], { spot, box }: Seen): Area[] {
  const seen = centredOn(provinces, box);
  if (seen) return [seen];
  const city = centredOn(cities, box) ?? areaAt(cities, spot.lng, spot.lat);
  const around = city && provinces.find((one) => codeOf(one) === codeOf(city));
  const province = around ?? areaAt(provinces, spot.lng, spot.lat);
  // A municipality is its own city.
  const own = city?.properties.id === province?.properties.id;
  const path = own ? [province] : [province, city];
  return path.filter((one) => one !== undefined && fills(boxOf(one), box)) as Area[];
}

/** Of the areas that are seen whole, around the middle, as most of the picture: the best centred. */
function centredOn(areas: Area[], box: Box): Area | undefined {
  const [lng, lat] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  const aside = ([west, south, east, north]: Box) =>
    Math.hypot((west + east) / 2 - lng, (south + north) / 2 - lat);
  return areas
    .filter((one) => holds(box, boxOf(one)) && fills(boxOf(one), box))
    .filter((one) => holds(boxOf(one), [lng, lat, lng, lat]))
    .sort((one, other) => aside(boxOf(one)) - aside(boxOf(other)))[0];
}

/** The code of the province that an area belongs to. */
function codeOf(area: Area): string {
  return area.properties.id.slice(0, 2);
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

/** Where an area lies, once that is known. */
export function boxOfArea(
  outlines: Ground["outlines"],
  { level, id }: { level: Level; id: string },
): Box | undefined {
  const outline = level === "cell" ? undefined : outlines[level]?.byId.get(id);
  return outline ? boxOf(outline) : aroundCountry(id);
}

/** What there is to see of a country whose outline is not shipped. */
function aroundCountry(id: string): Box | undefined {
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
