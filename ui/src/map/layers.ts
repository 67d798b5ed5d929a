import type {
  FilterSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "maplibre-gl";
import { COLOURS, type Shade } from "../shell/theme";
import { mixed } from "./colours";
import { LEVELS, type Level } from "./view";

/** Levels whose areas have outlines of their own. */
export const OUTLINED = LEVELS.slice(0, 3) as Exclude<Level, "cell">[];

const EMPTY = { type: "FeatureCollection" as const, features: [] };
const FONTS = ["PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", "sans-serif"];
const CLEAR = "rgba(0,0,0,0)";

/** The fonts in which names are written by the browser itself. */
export const FONT = FONTS.map((font) => (font.includes(" ") ? `"${font}"` : font)).join(",");

type Paint = [layer: string, property: string, value: unknown];

/** Every colour of the map that goes with the look of the page. */
export function paints(shade: Shade): Paint[] {
  const { page = "", paper = "", ink = "", soft = "", line = "", link = "" } = COLOURS[shade];
  const land = mixed(page, soft, shade === "dark" ? 0.1 : 0.06);
  const sea = mixed(paper, link, shade === "dark" ? 0.04 : 0.07);
  return [
    ["sea", "background-color", sea],
    ["land", "fill-color", mixed(land, sea, 0.35)],
    ["coast", "line-color", line],
    ["home", "fill-color", land],
    ...OUTLINED.map((level): Paint => [`${level}-line`, "line-color", mixed(soft, paper, 0.35)]),
    ["dashes", "line-color", mixed(soft, ink, 0.3)],
    ["cell-line", "line-color", paper],
    ["countries", "circle-stroke-color", paper],
    ["names", "text-color", ink],
    ["names", "text-halo-color", mixed(paper, page, 0.2)],
    ["marked-under", "line-color", paper],
    ["marked-line", "line-color", ink],
    ["marked-round", "circle-stroke-color", ink],
  ];
}

function sources(): Record<string, SourceSpecification> {
  const plain: SourceSpecification = { type: "geojson", data: EMPTY };
  const outlined: SourceSpecification = {
    type: "geojson",
    data: EMPTY,
    promoteId: "id",
    tolerance: 0.25,
  };
  return {
    ...Object.fromEntries(
      ["world", "dashes", "countries", "names", "marked"].map((n) => [n, plain]),
    ),
    ...Object.fromEntries(OUTLINED.map((level) => [level, outlined])),
    cell: { ...outlined, tolerance: 0 } as SourceSpecification,
  };
}

const filled = ["to-color", ["feature-state", "colour"], CLEAR] as unknown as string;
const round = { "line-join": "round" as const, "line-cap": "round" as const };

function areas(level: Exclude<Level, "cell">): LayerSpecification[] {
  return [
    {
      id: level,
      type: "fill",
      source: level,
      layout: { visibility: "none" },
      paint: { "fill-color": filled, "fill-opacity": 0.86, "fill-antialias": false },
    },
  ];
}

function lines(level: Exclude<Level, "cell">): LayerSpecification {
  const width = { province: 1.1, city: 0.7, district: 0.5 }[level];
  return {
    id: `${level}-line`,
    type: "line",
    source: level,
    layout: { ...round, visibility: level === "province" ? "visible" : "none" },
    paint: { "line-width": width },
  };
}

const MARKED_POINT: FilterSpecification = ["==", ["geometry-type"], "Point"];

/** The whole style, before anything is known of the people. */
export function style(shade: Shade): StyleSpecification {
  const layers: LayerSpecification[] = [
    { id: "sea", type: "background" },
    { id: "land", type: "fill", source: "world", paint: { "fill-antialias": false } },
    { id: "coast", type: "line", source: "world", paint: { "line-width": 0.6 } },
    { id: "home", type: "fill", source: "province", paint: { "fill-antialias": false } },
    ...OUTLINED.flatMap(areas),
    {
      id: "cell",
      type: "fill",
      source: "cell",
      paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.8, "fill-antialias": false },
    },
    { id: "cell-line", type: "line", source: "cell", paint: { "line-width": 0.6 } },
    ...[...OUTLINED].reverse().map(lines),
    {
      id: "dashes",
      type: "line",
      source: "dashes",
      layout: round,
      paint: { "line-width": 1.3 },
    },
    {
      id: "countries",
      type: "circle",
      source: "countries",
      paint: {
        "circle-color": ["get", "colour"],
        "circle-radius": ["get", "radius"],
        "circle-opacity": 0.86,
        "circle-stroke-width": 1,
      },
    },
    {
      id: "marked-under",
      type: "line",
      source: "marked",
      layout: round,
      paint: { "line-width": 5, "line-opacity": 0.8 },
    },
    {
      id: "marked-line",
      type: "line",
      source: "marked",
      layout: round,
      paint: { "line-width": ["case", ["get", "chosen"], 2.6, 1.6] },
    },
    {
      id: "marked-round",
      type: "circle",
      source: "marked",
      filter: MARKED_POINT,
      paint: {
        "circle-color": CLEAR,
        "circle-radius": ["get", "radius"],
        "circle-stroke-width": ["case", ["get", "chosen"], 3, 2],
      },
    },
    {
      id: "names",
      type: "symbol",
      source: "names",
      layout: {
        "text-field": ["get", "name"],
        "text-font": ["sans-serif"],
        "text-size": 12,
        "text-max-width": 7,
        "text-padding": 3,
        "text-offset": ["get", "offset"],
        "symbol-sort-key": ["get", "rank"],
      },
      paint: { "text-halo-width": 1.4 },
    },
  ];
  for (const [id, property, value] of paints(shade)) {
    const layer = layers.find((one) => one.id === id);
    if (layer) layer.paint = { ...layer.paint, [property]: value } as never;
  }
  return { version: 8, sources: sources(), layers };
}
