import type { Feature } from "geojson";
import type {
  GeoJSONSource,
  Map as LibreMap,
  MapMouseEvent,
  MapTouchEvent,
  PointLike,
} from "maplibre-gl";
import {
  added,
  type Corner,
  closable,
  closed,
  inserted,
  moved,
  type Place,
  places,
  removed,
  type Sketch,
} from "./sketch";

/** Pixels within which a corner is meant, by a pointer and by a fingertip. */
const NEAR = 12;
const FINGERTIP = 24;

type Press = MapMouseEvent | MapTouchEvent;

/** Lets an area be drawn and changed on the map, by pointer and by touch. */
export class Sketching {
  private sketch: Sketch | undefined;
  private held: Place | undefined;
  /** Where the pointer is, while corners are added. */
  private ahead: Corner | undefined;
  private reach = NEAR;

  constructor(
    private readonly map: LibreMap,
    private readonly tell: (sketch: Sketch) => void,
  ) {
    map.getCanvasContainer().addEventListener(
      "pointerdown",
      ({ pointerType }) => {
        this.reach = pointerType === "touch" ? FINGERTIP : NEAR;
      },
      { capture: true },
    );
    map.on("click", ({ point, lngLat }) => this.click(point, lngLat.toArray()));
    map.on("dblclick", () => this.finish());
    map.on("contextmenu", ({ point }) => this.take(point));
    map.on("mousedown", (event) => this.press(event));
    map.on("touchstart", (event) => event.points.length === 1 && this.press(event));
    map.on("mousemove", (event) => this.move(event));
    map.on("touchmove", (event) => this.held && this.move(event));
    map.on("mouseup", () => this.release());
    map.on("touchend", () => this.release());
    map.getCanvas().addEventListener("keydown", (event) => this.key(event));
  }

  /** Is something drawn, so that the map is not asked about areas? */
  get busy(): boolean {
    return this.sketch !== undefined;
  }

  show(sketch: Sketch | undefined): void {
    if (!sketch !== !this.sketch) {
      this.map.doubleClickZoom[sketch ? "disable" : "enable"]();
      this.map.getCanvas().style.cursor = sketch?.open ? "crosshair" : "";
    }
    this.sketch = sketch;
    if (!sketch?.open) this.ahead = undefined;
    this.draw();
  }

  private say(sketch: Sketch): void {
    this.sketch = sketch;
    this.draw();
    this.tell(sketch);
  }

  private click(point: PointLike, [lng, lat]: [number, number]): void {
    const { sketch } = this;
    if (!sketch?.open) return;
    const near = this.near(point);
    if (near?.place.at === 0 && closable(sketch)) this.say(closed(sketch));
    // The second click of two is no corner of its own.
    else if (!near) this.say(added(sketch, [lng, lat]));
  }

  private finish(): void {
    if (this.sketch?.open && closable(this.sketch)) this.say(closed(this.sketch));
  }

  /** Take the corner under the pointer away. */
  private take(point: PointLike): void {
    const near = this.sketch && this.near(point);
    if (this.sketch && near && !near.between) this.say(removed(this.sketch, near.place));
  }

  private key(event: KeyboardEvent): void {
    const { sketch } = this;
    if (!sketch) return;
    const last = (sketch.parts[0]?.[0]?.length ?? 0) - 1;
    if (event.key === "Enter") {
      const { lng, lat } = this.map.getCenter();
      if (sketch.open && !event.shiftKey) this.say(added(sketch, [lng, lat]));
      else this.finish();
    } else if (event.key === "Backspace" && sketch.open && last >= 0) {
      this.say(removed(sketch, { part: 0, ring: 0, at: last }));
    } else return;
    event.preventDefault();
  }

  private press(event: Press): void {
    const { sketch } = this;
    const near = sketch && this.near(event.point);
    if (!sketch || !near || (sketch.open && near.place.at === 0 && closable(sketch))) return;
    event.preventDefault();
    this.held = near.place;
    if (near.between) {
      this.sketch = inserted(sketch, near.place, near.corner);
      this.held = { ...near.place, at: near.place.at + 1 };
    }
  }

  private move({ point, lngLat }: Press): void {
    const { sketch } = this;
    if (!sketch) return;
    const here: Corner = [lngLat.lng, lngLat.lat];
    if (this.held) {
      this.sketch = moved(sketch, this.held, here);
      this.draw();
      return;
    }
    const near = this.near(point);
    this.map.getCanvas().style.cursor = near ? "move" : sketch.open ? "crosshair" : "";
    if (!sketch.open) return;
    this.ahead = here;
    this.draw();
  }

  private release(): void {
    if (!this.held || !this.sketch) return;
    this.held = undefined;
    this.say(this.sketch);
  }

  /** The corner, else the middle between two, that lies under a point. */
  private near(point: PointLike) {
    if (!this.sketch) return undefined;
    const [x, y] = Array.isArray(point) ? point : [point.x, point.y];
    const meant = (corner: Corner) => {
      const at = this.map.project(corner);
      return Math.hypot(at.x - x, at.y - y) <= this.reach;
    };
    const all = places(this.sketch);
    const corner = all.find((one) => meant(one.corner));
    if (corner) return { ...corner, between: false };
    if (this.sketch.open) return undefined;
    const between = all.find((one) => one.middle && meant(one.middle));
    return between?.middle && { place: between.place, corner: between.middle, between: true };
  }

  private draw(): void {
    const source = this.map.getSource("sketch") as GeoJSONSource | undefined;
    source?.setData({ type: "FeatureCollection", features: this.features() });
  }

  private features(): Feature[] {
    const { sketch } = this;
    if (!sketch) return [];
    const rings = sketch.parts.map((part) =>
      part.map((ring) => [...ring, ...(sketch.open && this.ahead ? [this.ahead] : [])]),
    );
    const shapes = rings.flatMap((part): Feature[] => {
      const [outer = []] = part;
      if (outer.length < 2) return [];
      if (outer.length === 2) {
        return [feature({ type: "LineString", coordinates: outer })];
      }
      const coordinates = part.map((ring) => [...ring, ring[0] ?? [0, 0]]);
      return [feature({ type: "Polygon", coordinates })];
    });
    const points = places(sketch).flatMap(({ corner, middle }): Feature[] => [
      feature({ type: "Point", coordinates: corner }, "corner"),
      ...(middle && !sketch.open
        ? [feature({ type: "Point" as const, coordinates: middle }, "middle")]
        : []),
    ]);
    return [...shapes, ...points];
  }
}

function feature(geometry: Feature["geometry"], kind = "shape"): Feature {
  return { type: "Feature", geometry, properties: { kind } };
}
