import type { Geometry, MultiPolygon, Polygon, Position } from "geojson";

export type Corner = [lng: number, lat: number];
/** Polygons, their rings, and the corners of each ring, the first one not repeated. */
export type Parts = Corner[][][];

/** A trade area while it is drawn or changed. */
export interface Sketch {
  /** Of the area that is changed; none of a new one. */
  id?: string;
  name: string;
  parts: Parts;
  /** Corners are still added at the end of the only ring. */
  open: boolean;
}

/** Which corner: of which polygon, of which ring. */
export interface Place {
  part: number;
  ring: number;
  at: number;
}

const LEAST = 3;
const EARTH_KM = 6371.0088;
const DIGITS = 6;

export function started(name = ""): Sketch {
  return { name, parts: [[[]]], open: true };
}

/** The sketch of an area that is there already. */
export function sketchOf(id: string, name: string, geometry: Polygon | MultiPolygon): Sketch {
  return { id, name, parts: partsOf(geometry), open: false };
}

function partsOf(geometry: Polygon | MultiPolygon): Parts {
  const all = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return all.map((part) => part.map((ring) => ring.slice(0, -1).map(cornerOf)));
}

function cornerOf([lng = 0, lat = 0]: Position): Corner {
  return [lng, lat];
}

/** How many corners are there in all? */
export function corners({ parts }: Sketch): number {
  return parts.flat(2).length;
}

/** As it is kept: rings that end where they begin. */
export function geometryOf({ parts }: Sketch): Polygon | MultiPolygon {
  const closed = parts.map((part) =>
    part.map((ring) => [...ring, ring[0] ?? [0, 0]].map(([x, y]) => [short(x), short(y)])),
  );
  const [only = []] = closed;
  return closed.length === 1
    ? { type: "Polygon", coordinates: only }
    : { type: "MultiPolygon", coordinates: closed };
}

function short(degrees: number): number {
  return Number(degrees.toFixed(DIGITS));
}

/** With one more corner at the end. */
export function added(sketch: Sketch, corner: Corner): Sketch {
  return { ...sketch, parts: [[[...(sketch.parts[0]?.[0] ?? []), corner]]] };
}

/** No more corners are added; only with three or more is it an area. */
export function closed(sketch: Sketch): Sketch {
  return closable(sketch) ? { ...sketch, open: false } : sketch;
}

export function closable({ parts }: Sketch): boolean {
  return parts.length > 0 && parts.every((part) => part.every((ring) => ring.length >= LEAST));
}

function changed(sketch: Sketch, place: Place, ring: (ring: Corner[]) => Corner[]): Sketch {
  const parts = sketch.parts.map((part, p) =>
    p === place.part ? part.map((one, r) => (r === place.ring ? ring(one) : one)) : part,
  );
  return { ...sketch, parts };
}

/** With a corner elsewhere. */
export function moved(sketch: Sketch, place: Place, corner: Corner): Sketch {
  return changed(sketch, place, (ring) => ring.map((one, at) => (at === place.at ? corner : one)));
}

/** With a further corner after one. */
export function inserted(sketch: Sketch, place: Place, corner: Corner): Sketch {
  return changed(sketch, place, (ring) => ring.toSpliced(place.at + 1, 0, corner));
}

/** Without a corner; a closed ring keeps at least three. */
export function removed(sketch: Sketch, place: Place): Sketch {
  const ring = sketch.parts[place.part]?.[place.ring] ?? [];
  if (!sketch.open && ring.length <= LEAST) return sketch;
  return changed(sketch, place, (ring) => ring.toSpliced(place.at, 1));
}

/** Where corners are, and the middles between them. */
export function places(sketch: Sketch): { place: Place; corner: Corner; middle?: Corner }[] {
  return sketch.parts.flatMap((part, p) =>
    part.flatMap((ring, r) =>
      ring.map((corner, at) => {
        const last = at === ring.length - 1;
        const [x, y] = ring[(at + 1) % ring.length] ?? corner;
        const middle: Corner = [(corner[0] + x) / 2, (corner[1] + y) / 2];
        const place = { part: p, ring: r, at };
        return last && (sketch.open || ring.length < 2)
          ? { place, corner }
          : { place, corner, middle };
      }),
    ),
  );
}

/** Square kilometres on the sphere; holes are taken off. */
export function surface({ parts }: Sketch): number {
  const whole = (part: Corner[][]) =>
    part.reduce((sum, ring, r) => sum + (r === 0 ? 1 : -1) * Math.abs(ringSurface(ring)), 0);
  return parts.reduce((sum, part) => sum + whole(part), 0);
}

function ringSurface(ring: Corner[]): number {
  const radians = Math.PI / 180;
  const sum = ring.reduce((total, [x, y], at) => {
    const [nextX, nextY] = ring[(at + 1) % ring.length] ?? [x, y];
    return total + (nextX - x) * radians * (2 + Math.sin(y * radians) + Math.sin(nextY * radians));
  }, 0);
  return (sum * EARTH_KM * EARTH_KM) / 2;
}

/** Do any two sides cross? Then it is not plain what lies inside. */
export function crossing({ parts, open }: Sketch): boolean {
  const sides = parts.flat().flatMap((ring) => {
    const ends = open ? ring.slice(1) : [...ring.slice(1), ...ring.slice(0, 1)];
    return ends.map((end, at) => [ring[at], end] as [Corner, Corner]);
  });
  if (sides.length > 600) return false;
  return sides.some((one, i) => sides.slice(i + 1).some((other) => cross(one, other)));
}

function cross([a, b]: [Corner, Corner], [c, d]: [Corner, Corner]): boolean {
  const turn = (p: Corner, q: Corner, r: Corner) =>
    Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** Corners as a person writes them, one a line; more than one ring as GeoJSON. */
export function textOf(sketch: Sketch): string {
  const rings = sketch.parts.flat();
  if (rings.length > 1) return JSON.stringify(geometryOf(sketch));
  return (rings[0] ?? []).map((corner) => corner.map(short).join(", ")).join("\n");
}

export type Read = { parts: Parts } | { line: number } | { wrong: "json" | "kind" | "few" };

/** Corners from a text: `longitude, latitude` in each line, or GeoJSON. */
export function readText(text: string): Read {
  if (text.trim().startsWith("{")) return readGeojson(text);
  const ring: Corner[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (!line.trim()) continue;
    const [lng = Number.NaN, lat = Number.NaN, ...more] = line
      .trim()
      .split(/[\s,;，；]+/)
      .map(Number);
    const fits = Math.abs(lng) <= 180 && Math.abs(lat) <= 90;
    if (!fits || more.length) return { line: at + 1 };
    ring.push([lng, lat]);
  }
  const [first, last] = [ring[0], ring.at(-1)];
  if (ring.length > 1 && first?.join() === last?.join()) ring.pop();
  return ring.length < LEAST ? { wrong: "few" } : { parts: [[ring]] };
}

interface Document {
  type?: string;
  geometry?: Geometry;
  features?: { geometry?: Geometry }[];
}

function readGeojson(text: string): Read {
  let found: Document;
  try {
    found = JSON.parse(text) as Document;
  } catch {
    return { wrong: "json" };
  }
  const geometry = (found.features?.[0]?.geometry ?? found.geometry ?? found) as Geometry;
  if (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon") return { wrong: "kind" };
  try {
    const parts = partsOf(geometry);
    return closable({ name: "", parts, open: false }) ? { parts } : { wrong: "few" };
  } catch {
    return { wrong: "json" };
  }
}
