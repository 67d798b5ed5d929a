import type { Feature, FeatureCollection, Point } from "geojson";
import * as maplibregl from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Shade } from "../shell/theme";
import { FONT, OUTLINED, paints, style } from "./layers";
import type { Area, Outline, Outlines } from "./outlines";
import type { Own } from "./own";
import type { Sketch } from "./sketch";
import { Sketching } from "./sketching";
import type { Box, Level, Shipped, Spot } from "./view";

maplibregl.setWorkerUrl(worker);

/** One thing that is coloured: an area, a cell, or the circle of a country. */
export interface Spotted {
  id: string;
  colour: string;
}
export interface Circle extends Spotted {
  at: [number, number];
  radius: number;
}
export interface Named {
  name: string;
  at: [number, number];
  /** Those with a small rank are written first. */
  rank: number;
  /** Ems below the point. */
  below: number;
}
export type Marked = Feature & { properties: { chosen: boolean; radius?: number } };

export interface Pointed {
  id: string;
  /** An outlet, not an area. */
  outlet: boolean;
  x: number;
  y: number;
}
export interface Listener {
  moved: (spot: Spot, box: Box) => void;
  hovered: (at: Pointed | undefined) => void;
  clicked: (id: string | undefined, outlet: boolean) => void;
  sketched: (sketch: Sketch) => void;
}
export interface Start {
  spot?: Spot;
  box: Box;
  shade: Shade;
  /** In which names are written that a layer of its own has in several. */
  language: string;
  words: Record<string, string>;
}

const PICKED = [...OUTLINED, "area", "cell", "countries", "outlet", "outlet-many"];
const OUTLET_LAYERS = ["outlet", "outlet-many", "outlet-count", "reach", "reach-line"];
const CLOSER = 2;
const PADDING = 16;

/** The map as it is drawn; knows nothing of people or of pages. */
export class Drawing {
  readonly map: maplibregl.Map;
  private coloured = new Map<Level, Map<string, string>>();
  private readonly ready: Promise<void>;
  private readonly sketching: Sketching;
  private added: Promise<Own | undefined> | undefined;
  private owned = false;
  private look: Shade;
  private readonly language: string;
  private gone = false;

  constructor(container: HTMLElement, start: Start, tell: Listener) {
    const { spot, box } = start;
    this.look = start.shade;
    this.language = start.language;
    this.map = new maplibregl.Map({
      container,
      style: style(start.shade),
      ...(spot
        ? { center: [spot.lng, spot.lat], zoom: spot.zoom }
        : { bounds: box, fitBoundsOptions: { padding: PADDING } }),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      maxZoom: 16,
      renderWorldCopies: false,
      fadeDuration: 0,
      localIdeographFontFamily: FONT,
      locale: start.words,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new maplibregl.ScaleControl({ maxWidth: 90 }), "bottom-right");
    this.ready = new Promise((done) => this.map.once("load", () => done()));
    this.sketching = new Sketching(this.map, tell.sketched);
    this.listen(tell);
  }

  private listen(tell: Listener): void {
    const { map } = this;
    const moved = () => tell.moved(this.spot(), this.box());
    map.on("moveend", moved);
    map.on("resize", moved);
    const under = (point: maplibregl.Point) => {
      const layers = PICKED.filter((one) => map.getLayer(one));
      return map.queryRenderedFeatures(point, { layers })[0];
    };
    map.on("mousemove", ({ point }) => {
      if (this.sketching.busy) return;
      const found = map.isMoving() ? undefined : under(point);
      map.getCanvas().style.cursor = found ? "pointer" : "";
      const id = found?.properties.id as string | undefined;
      const outlet = found?.source === "outlet";
      tell.hovered(id ? { id, outlet, x: point.x, y: point.y } : undefined);
    });
    map.on("mouseout", () => tell.hovered(undefined));
    map.on("movestart", () => tell.hovered(undefined));
    map.on("click", ({ point }) => {
      if (this.sketching.busy) return;
      const found = under(point);
      if (found?.layer.id === "outlet-many") {
        const { coordinates } = found.geometry as Point;
        const center = coordinates as [number, number];
        map.easeTo({ center, zoom: map.getZoom() + CLOSER, duration: 300 });
      } else tell.clicked(found?.properties.id, found?.source === "outlet");
    });
    void this.ready.then(moved);
  }

  spot(): Spot {
    const { lng, lat } = this.map.getCenter().wrap();
    return { lng, lat, zoom: this.map.getZoom() };
  }

  box(): Box {
    const bounds = this.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  private async fill(source: string, features: Feature[]): Promise<void> {
    await this.ready;
    if (this.gone) return;
    const data: FeatureCollection = { type: "FeatureCollection", features };
    (this.map.getSource(source) as maplibregl.GeoJSONSource | undefined)?.setData(data);
  }

  /** Give a layer its outlines. */
  async outline(layer: "world" | Shipped | "area", outlines: Outlines): Promise<void> {
    await this.fill(layer, outlines.areas);
    if (outlines.strokes.length) await this.fill("dashes", outlines.strokes);
  }

  /** Show one level, its areas in these colours; all others stay as the land is. */
  async paint(level: Level, under: Shipped, spotted: Spotted[]): Promise<void> {
    await this.ready;
    if (this.gone) return;
    const { map } = this;
    // Borders are simplified for each level: two of them side by side would not agree.
    for (const one of OUTLINED) {
      this.show([one], one === level);
      this.show([`${one}-line`], one === under);
    }
    this.show(["area"], level === "area");
    if (level === "cell") return;
    const before = this.coloured.get(level) ?? new Map<string, string>();
    const now = new Map(spotted.map(({ id, colour }) => [id, colour]));
    for (const id of before.keys()) {
      if (!now.has(id)) map.removeFeatureState({ source: level, id });
    }
    for (const [id, colour] of now) {
      if (before.get(id) !== colour) map.setFeatureState({ source: level, id }, { colour });
    }
    this.coloured.set(level, now);
  }

  private show(layers: string[], shown: boolean): void {
    if (this.gone) return;
    for (const one of layers) {
      this.map.setLayoutProperty(one, "visibility", shown ? "visible" : "none");
    }
  }

  /** Draw what was put beside the shipped outlines, or hide it. What draws it is loaded then. */
  async own(layers: Outline[], shown: boolean): Promise<void> {
    this.owned = shown;
    if (!this.added && !(shown && layers.length)) return;
    this.added ??= this.add(layers);
    const added = await this.added;
    if (!this.gone) added?.show(this.owned);
  }

  private async add(layers: Outline[]): Promise<Own | undefined> {
    const [{ Own }] = await Promise.all([import("./own"), this.ready]);
    if (this.gone) return undefined;
    const own = new Own(this.map, this.look, this.language);
    await own.add(layers, () => this.gone);
    return own;
  }

  /** Draw the outlines of trade areas over everything, or not. */
  async overlay(shown: boolean): Promise<void> {
    await this.ready;
    this.show(["area-under", "area-line"], shown);
  }

  /** Draw outlets over everything, or none. */
  async outlets(places: { id: string; lon: number; lat: number }[] | undefined): Promise<void> {
    await this.ready;
    this.show(OUTLET_LAYERS, places !== undefined);
    const points = (places ?? []).map(({ id, lon, lat }) => pointed([lon, lat], { id }));
    await this.fill("outlet", points);
  }

  /** Draw how far an outlet serves, or nothing. */
  async reach(area: Feature | undefined): Promise<void> {
    await this.fill("reach", area ? [area] : []);
  }

  /** Show what is being drawn, and let it be drawn; or end it. */
  async sketch(sketch: Sketch | undefined): Promise<void> {
    await this.ready;
    if (!this.gone) this.sketching.show(sketch);
  }

  async cells(features: Area[]): Promise<void> {
    await this.fill("cell", features);
  }

  async countries(circles: Circle[]): Promise<void> {
    await this.fill(
      "countries",
      circles.map(({ at, ...properties }) => pointed(at, properties)),
    );
  }

  async names(named: Named[]): Promise<void> {
    await this.fill(
      "names",
      named.map(({ at, name, rank, below }) => pointed(at, { name, rank, offset: [0, below] })),
    );
  }

  /** Draw a line around what is hovered and what is chosen. */
  async mark(marked: Marked[]): Promise<void> {
    await this.fill("marked", marked);
  }

  shade(shade: Shade): void {
    void this.ready.then(() => {
      if (this.gone) return;
      for (const [layer, property, value] of paints(shade)) {
        this.map.setPaintProperty(layer, property as never, value as never);
      }
      this.look = shade;
      void this.added?.then((own) => this.gone || own?.paint(this.look));
    });
  }

  fit([west, south, east, north]: Box, still: boolean): void {
    const bounds: [number, number, number, number] = [west, south, east, north];
    this.map.fitBounds(bounds, { padding: PADDING * 2, maxZoom: 13, animate: !still });
  }

  go(spot: Spot, still: boolean): void {
    this.map.easeTo({ center: [spot.lng, spot.lat], zoom: spot.zoom, animate: !still });
  }

  /** The picture as it stands. */
  async picture(): Promise<HTMLCanvasElement> {
    await this.ready;
    return new Promise((done) => {
      this.map.once("render", () => {
        // Only within the frame does the canvas hold what was drawn.
        const drawn = this.map.getCanvas();
        const copy = document.createElement("canvas");
        copy.width = drawn.width;
        copy.height = drawn.height;
        copy.getContext("2d")?.drawImage(drawn, 0, 0);
        done(copy);
      });
      this.map.triggerRepaint();
    });
  }

  /** What was still to be drawn when it goes is not drawn. */
  remove(): void {
    this.gone = true;
    this.map.remove();
  }
}

function pointed(at: [number, number], properties: object): Feature<Point> {
  return { type: "Feature", geometry: { type: "Point", coordinates: at }, properties };
}
