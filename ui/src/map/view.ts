import { oneOf, type Raw } from "../shell/page";

/** How large the areas are, from coarse to fine. */
export const LEVELS = ["province", "city", "district", "area", "cell"] as const;
/** Of these, `area` are the trade areas that people draw. */
export type Level = (typeof LEVELS)[number];
/** Levels whose outlines are shipped. */
export type Shipped = Exclude<Level, "area" | "cell">;

/** What the colour of an area tells. */
export const COLOURINGS = ["mean", "hot", "count"] as const;
/** A map that is compared with an earlier one tells the change of the mean. */
export type Colouring = (typeof COLOURINGS)[number] | "change";

export const CHANNELS = [
  "web",
  "app",
  "miniprogram",
  "wechat",
  "wecom",
  "server",
  "store",
  "import",
  "other",
] as const;

/** Metres to which a place is known, as it can be asked for; the first is any. */
export const PRECISIONS = ["", "30000", "5000", "1000", "100"] as const;

/** Where the map stands. */
export interface Spot {
  lng: number;
  lat: number;
  zoom: number;
}

export interface View {
  /** `lng,lat,zoom`; empty for all of China. */
  at: string;
  level: "auto" | Level;
  colour: (typeof COLOURINGS)[number];
  /** A past moment, the end of a day; empty for now. */
  past: string;
  /** The moment it is compared with; empty for none. */
  since: string;
  /** The chosen area as `level:id`. */
  area: string;
  band: "" | "hot" | "warm" | "cool" | "cold";
  who: "known" | "anonymous" | "all";
  channel: "" | (typeof CHANNELS)[number];
  /** `NAME:VALUE`. */
  trait: string;
  from: string;
  to: string;
  precision: (typeof PRECISIONS)[number];
  /** Only who is within the radius of this outlet; empty for all. */
  outlet: string;
  /** Only whom this means, as `segment:ID`; empty for all. */
  among: string;
  /** Are the outlines of trade areas, and the outlets, drawn over everything else? */
  areas: "" | "on";
  outlets: "" | "on";
  /** Are layers that were put beside the shipped outlines hidden? */
  own: "" | "off";
  /** The chosen outlet. */
  shop: string;
}

/** The state of the map from its address. */
export function viewOf(raw: Raw): View {
  return {
    at: spotOf(raw.at) ? (raw.at ?? "") : "",
    level: oneOf(raw.level, ["auto", ...LEVELS]),
    colour: oneOf(raw.colour, COLOURINGS),
    past: momentOf(raw.past),
    since: momentOf(raw.since),
    area: chosenOf(raw.area) ? (raw.area ?? "") : "",
    band: oneOf(raw.band, ["", "hot", "warm", "cool", "cold"]),
    who: oneOf(raw.who, ["known", "anonymous", "all"]),
    channel: oneOf(raw.channel, ["", ...CHANNELS]),
    trait: raw.trait?.includes(":") ? raw.trait : "",
    from: dayOf(raw.from),
    to: dayOf(raw.to),
    precision: oneOf(raw.precision, PRECISIONS),
    outlet: idOf(raw.outlet),
    among: /^\w+:./.test(raw.among ?? "") ? (raw.among ?? "") : "",
    areas: oneOf(raw.areas, ["", "on"]),
    outlets: oneOf(raw.outlets, ["", "on"]),
    own: oneOf(raw.own, ["", "off"]),
    shop: idOf(raw.shop),
  };
}

/** What leaves some people out. */
export const FILTERS = [
  "band",
  "who",
  "channel",
  "trait",
  "from",
  "to",
  "precision",
  "outlet",
  "among",
] as const;

/** How many filters are set? */
export function filters(view: View): number {
  const usual = viewOf({});
  return FILTERS.filter((name) => view[name] !== usual[name]).length;
}

function idOf(text: string | undefined): string {
  return text && /^[0-9A-Za-z]{1,64}$/.test(text) ? text : "";
}

function momentOf(text: string | undefined): string {
  return text && /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text)) ? text : "";
}

function dayOf(text: string | undefined): string {
  return text && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : "";
}

export function spotOf(text: string | undefined): Spot | undefined {
  const [lng, lat, zoom, ...more] = (text ?? "").split(",").map(Number);
  if (lng === undefined || lat === undefined || zoom === undefined || more.length) return undefined;
  const fits = Math.abs(lng) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 22;
  return text && fits ? { lng, lat, zoom } : undefined;
}

export function written({ lng, lat, zoom }: Spot): string {
  const digits = Math.min(6, Math.max(2, Math.ceil(zoom / 3)));
  return `${lng.toFixed(digits)},${lat.toFixed(digits)},${zoom.toFixed(2)}`;
}

export function chosenOf(text: string | undefined): { level: Level; id: string } | undefined {
  const [level, id, ...more] = (text ?? "").split(":");
  const known = LEVELS.find((one) => one === level);
  return known && id && /^[0-9A-Za-z]{2,32}$/.test(id) && !more.length
    ? { level: known, id }
    : undefined;
}

/** A map this wide and high (pixels) shows as much at the zooms below. */
const USUAL = { width: 800, height: 620 };
/** From which zoom on each level is shown. */
const FROM = { province: -9, city: 4.2, district: 6.7, cell: 9 };
const BY_ZOOM = ["cell", "district", "city"] as const;
export type Zoomed = Exclude<Level, "area">;

/** Which level answers the question that a zoom asks? Abroad there are countries, then cells. */
export function levelAt(
  zoom: number,
  size: { width: number; height: number },
  abroad: boolean,
): Zoomed {
  const scale = Math.min(size.width / USUAL.width, size.height / USUAL.height);
  const seen = zoom - Math.log2(Math.max(scale, 0.1));
  if (abroad) return seen < 2.6 ? "province" : "cell";
  return BY_ZOOM.find((level) => seen >= FROM[level]) ?? "province";
}

const CELL_EDGES = [1_281_256, 483_057, 182_513, 68_979, 26_072, 9_854, 3_725, 1_406, 531, 201, 76];
const EDGE_PIXELS = 9;
const METRES_AT_0 = 78_271.5;

/** The resolution whose cells are just large enough to point at. */
export function resolutionAt(zoom: number, lat: number): number {
  const metres = (METRES_AT_0 * Math.cos((lat * Math.PI) / 180)) / 2 ** zoom;
  const finest = CELL_EDGES.findLastIndex((edge) => edge / metres >= EDGE_PIXELS);
  return Math.max(0, finest);
}

export type Box = [west: number, south: number, east: number, north: number];

/** Does the box `outer` hold all of the other one? */
export function holds(outer: Box, [west, south, east, north]: Box): boolean {
  return outer[0] <= west && outer[1] <= south && outer[2] >= east && outer[3] >= north;
}

/** What is smaller than this share of the picture is not what one looks at. */
const FILLS = 0.6;

/** Is the place in this box most of what is seen, from side to side or from top to bottom? */
export function fills([west, south, east, north]: Box, [left, bottom, right, top]: Box): boolean {
  return east - west >= FILLS * (right - left) || north - south >= FILLS * (top - bottom);
}

/** A box around what is seen, on a grid, so that moving a little asks for nothing new. */
export function boxAround([west, south, east, north]: Box, zoom: number): string | undefined {
  const step = 180 / 2 ** Math.max(0, Math.floor(zoom));
  const low = (value: number) => Math.floor(value / step) * step;
  const high = (value: number) => Math.ceil(value / step) * step;
  const box = [
    Math.max(-180, low(west)),
    Math.max(-90, low(south)),
    Math.min(180, high(east)),
    Math.min(90, high(north)),
  ];
  const [w = -180, s = -90, e = 180, n = 90] = box;
  const whole = w <= -180 && s <= -85 && e >= 180 && n >= 85;
  if (whole || w >= e || s >= n) return undefined;
  return box.map((side) => Number(side.toFixed(6))).join(",");
}
