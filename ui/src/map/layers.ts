import type {
  FilterSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "maplibre-gl";
import { COLOURS, type Shade } from "../shell/theme";
import { mixed } from "./colours";
import { LEVELS, type Shipped } from "./view";

/** Levels whose outlines are shipped. */
export const OUTLINED = LEVELS.slice(0, 3) as Shipped[];

const EMPTY = { type: "FeatureCollection" as const, features: [] };
const FONTS = ["PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", "sans-serif"];
const CLEAR = "rgba(0,0,0,0)";
/** Pixels by which a border may be straightened. */
const TOLERANCE = 0.4;
/** Pixels that are drawn around each tile: no line here is wider. */
const BUFFER = 8;

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
    ["area-under", "line-color", paper],
    ["area-line", "line-color", ink],
    ["reach", "fill-color", link],
    ["reach-line", "line-color", link],
    ["outlet", "circle-color", ink],
    ["outlet", "circle-stroke-color", paper],
    ["outlet-many", "circle-color", ink],
    ["outlet-many", "circle-stroke-color", paper],
    ["outlet-count", "text-color", paper],
    ["sketch", "fill-color", link],
    ["sketch-line", "line-color", link],
    ["sketch-middle", "circle-color", link],
    ["sketch-corner", "circle-color", paper],
    ["sketch-corner", "circle-stroke-color", link],
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
    tolerance: TOLERANCE,
    buffer: BUFFER,
  };
  return {
    ...Object.fromEntries(
      ["world", "dashes", "countries", "names", "marked", "reach", "sketch"].map((n) => [n, plain]),
    ),
    area: { ...outlined, tolerance: 0 } as SourceSpecification,
    outlet: {
      type: "geojson",
      data: EMPTY,
      promoteId: "id",
      cluster: true,
      clusterRadius: 36,
      clusterMaxZoom: 11,
    },
    ...Object.fromEntries(OUTLINED.map((level) => [level, outlined])),
    cell: { ...outlined, tolerance: 0 } as SourceSpecification,
  };
}

const filled = ["to-color", ["feature-state", "colour"], CLEAR] as unknown as string;
const round = { "line-join": "round" as const, "line-cap": "round" as const };

function areas(level: Shipped | "area"): LayerSpecification[] {
  return [
    {
      id: level,
      type: "fill",
      source: level,
      layout: { visibility: "none" },
      paint: {
        "fill-color": filled,
        "fill-opacity": level === "area" ? 0.6 : 0.86,
        "fill-antialias": false,
      },
    },
  ];
}

function lines(level: Shipped): LayerSpecification {
  const width = { province: 1.1, city: 0.7, district: 0.5 }[level];
  return {
    id: `${level}-line`,
    type: "line",
    source: level,
    // Mitred: round corners of thin lines are not seen, and take most of what a frame costs.
    layout: { visibility: level === "province" ? "visible" : "none" },
    paint: { "line-width": width },
  };
}

const MARKED_POINT: FilterSpecification = ["==", ["geometry-type"], "Point"];
const MANY: FilterSpecification = ["has", "point_count"];
const hidden = { visibility: "none" as const };

/** The outlines of trade areas: dashed, so that nobody takes them for borders. */
const AREA_LINES: LayerSpecification[] = [
  {
    id: "area-under",
    type: "line",
    source: "area",
    layout: { ...round, ...hidden },
    paint: { "line-width": 4, "line-opacity": 0.8 },
  },
  {
    id: "area-line",
    type: "line",
    source: "area",
    layout: { "line-join": "round", ...hidden },
    paint: { "line-width": 1.8, "line-dasharray": [3, 1.5] },
  },
];

const OUTLETS: LayerSpecification[] = [
  { id: "reach", type: "fill", source: "reach", paint: { "fill-opacity": 0.12 } },
  {
    id: "reach-line",
    type: "line",
    source: "reach",
    paint: { "line-width": 1.6, "line-dasharray": [2, 1.5] },
  },
  {
    id: "outlet",
    type: "circle",
    source: "outlet",
    filter: ["!", MANY] as FilterSpecification,
    layout: hidden,
    paint: { "circle-radius": 5, "circle-stroke-width": 2 },
  },
  {
    id: "outlet-many",
    type: "circle",
    source: "outlet",
    filter: MANY,
    layout: hidden,
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "point_count"]], 1, 9, 22, 24],
      "circle-stroke-width": 2,
      "circle-opacity": 0.88,
    },
  },
  {
    id: "outlet-count",
    type: "symbol",
    source: "outlet",
    filter: MANY,
    layout: {
      ...hidden,
      "text-field": ["get", "point_count_abbreviated"],
      "text-font": ["sans-serif"],
      "text-size": 12,
      "text-allow-overlap": true,
    },
  },
];

const SKETCH: LayerSpecification[] = [
  {
    id: "sketch",
    type: "fill",
    source: "sketch",
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-opacity": 0.2 },
  },
  {
    id: "sketch-line",
    type: "line",
    source: "sketch",
    layout: round,
    paint: { "line-width": 2.4 },
  },
  {
    id: "sketch-middle",
    type: "circle",
    source: "sketch",
    filter: ["==", ["get", "kind"], "middle"],
    paint: { "circle-radius": 4, "circle-opacity": 0.75 },
  },
  {
    id: "sketch-corner",
    type: "circle",
    source: "sketch",
    filter: ["==", ["get", "kind"], "corner"],
    paint: { "circle-radius": 6, "circle-stroke-width": 2.4 },
  },
];

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
    ...areas("area"),
    ...AREA_LINES,
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
    ...OUTLETS,
    ...SKETCH,
  ];
  for (const [id, property, value] of paints(shade)) {
    const layer = layers.find((one) => one.id === id);
    if (layer) layer.paint = { ...layer.paint, [property]: value } as never;
  }
  return { version: 8, sources: sources(), layers };
}
