import type { FeatureCollection } from "geojson";
import {
  addProtocol,
  type FilterSpecification,
  type LayerSpecification,
  type Map as LibreMap,
  type SourceSpecification,
} from "maplibre-gl";
import { Protocol } from "pmtiles";
import { COLOURS, type Shade } from "../shell/theme";
import { mixed } from "./colours";
import { labelIn } from "./names";
import { documentOf, featuresOf, type Outline } from "./outlines";

const SCHEME = "pmtiles";
const WATER = /water|ocean|river|lake|sea$/i;
/** Fills and lines lie under the areas, labels over them. */
const UNDER = "province";
const OVER = "names";
/** So much of the areas is let through where something lies under them. */
const THIN = 0.62;
const ORDER = ["raster", "fill", "line", "circle", "symbol"];
const AREAS = { province: 0.86, city: 0.86, district: 0.86, cell: 0.8 };

let known = false;

/** Layers that whoever runs the server put beside the shipped outlines. */
export class Own {
  private ids: string[] = [];

  constructor(
    private readonly map: LibreMap,
    private shade: Shade,
    private readonly language: string,
  ) {
    if (!known) addProtocol(SCHEME, new Protocol().tile);
    known = true;
  }

  /** Draw each of them; resolves once all that is not tiles is there. */
  async add(layers: Outline[], gone: () => boolean): Promise<void> {
    const made: LayerSpecification[] = [];
    for (const one of layers) {
      const source = `own-${one.name}`;
      const found = await sourceOf(one);
      if (gone()) return;
      this.map.addSource(source, found);
      const parts = one.tiles?.kind === "vector" ? one.tiles.layers : [""];
      for (const part of parts) {
        const label = labelIn(this.language) as unknown as string;
        const pictures = one.tiles?.kind === "raster";
        made.push(...(pictures ? [raster(source)] : drawn(source, part, label)));
      }
    }
    // No layer hides the lines of another.
    for (const layer of made.sort((one, other) => rank(one) - rank(other))) {
      this.map.addLayer(layer, layer.type === "symbol" ? OVER : UNDER);
      this.ids.push(layer.id);
    }
    this.paint(this.shade);
  }

  show(shown: boolean): void {
    for (const id of this.ids) {
      this.map.setLayoutProperty(id, "visibility", shown ? "visible" : "none");
    }
    for (const [id, usual] of Object.entries(AREAS)) {
      this.map.setPaintProperty(id, "fill-opacity", shown ? THIN : usual);
    }
  }

  paint(shade: Shade): void {
    this.shade = shade;
    const { page = "", paper = "", ink = "", soft = "", link = "" } = COLOURS[shade];
    const sea = mixed(paper, link, shade === "dark" ? 0.2 : 0.25);
    for (const id of this.ids) {
      const wet = WATER.test(id.slice(0, id.lastIndexOf("-")));
      if (id.endsWith("-fill")) {
        this.map.setPaintProperty(id, "fill-color", wet ? sea : mixed(page, soft, 0.3));
      } else if (id.endsWith("-line")) {
        this.map.setPaintProperty(id, "line-color", wet ? sea : mixed(soft, paper, 0.2));
      } else if (id.endsWith("-label")) {
        this.map.setPaintProperty(id, "text-color", soft);
        this.map.setPaintProperty(id, "text-halo-color", mixed(paper, page, 0.2));
      } else if (id.endsWith("-point")) this.map.setPaintProperty(id, "circle-color", ink);
    }
  }
}

function rank({ type }: LayerSpecification): number {
  return ORDER.indexOf(type);
}

async function sourceOf(one: Outline): Promise<SourceSpecification> {
  if (!one.tiles) {
    const data: FeatureCollection = {
      type: "FeatureCollection",
      features: featuresOf(await documentOf(one.url)),
    };
    return { type: "geojson", data };
  }
  const { kind, least_zoom: minzoom, most_zoom: maxzoom, box } = one.tiles;
  const tiles = [`${SCHEME}://${new URL(one.url, location.origin).href}/{z}/{x}/{y}`];
  const bounds = box as [number, number, number, number];
  const told = { tiles, minzoom, maxzoom, bounds };
  return kind === "vector"
    ? { type: "vector", ...told }
    : { type: "raster", tileSize: 256, ...told };
}

function raster(source: string): LayerSpecification {
  return { id: `${source}-raster`, type: "raster", source, paint: { "raster-fade-duration": 0 } };
}

/** Whatever stands in a layer: areas, lines, and names or dots. */
function drawn(source: string, part: string, label: string): LayerSpecification[] {
  const of = { source, ...(part && { "source-layer": part }) };
  const only = (kind: string): FilterSpecification => ["==", ["geometry-type"], kind];
  const id = (end: string) => `${source}${part && `-${part}`}-${end}`;
  return [
    {
      id: id("fill"),
      type: "fill",
      ...of,
      filter: only("Polygon"),
      paint: { "fill-antialias": false, "fill-opacity": WATER.test(part) ? 1 : 0.5 },
    },
    {
      id: id("line"),
      type: "line",
      ...of,
      filter: only("LineString"),
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 5, 0.6, 14, 2.4] },
    },
    {
      id: id("point"),
      type: "circle",
      ...of,
      filter: ["all", only("Point"), ["!", ["has", "name"]]] as FilterSpecification,
      paint: { "circle-radius": 2.4 },
    },
    {
      id: id("label"),
      type: "symbol",
      ...of,
      filter: only("Point"),
      layout: {
        "text-field": label,
        "text-font": ["sans-serif"],
        "text-size": 11,
        "text-max-width": 7,
      },
      paint: { "text-halo-width": 1.2 },
    },
  ];
}
