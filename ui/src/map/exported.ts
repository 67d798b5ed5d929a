import type { Feature, Geometry } from "geojson";
import { csv } from "../shell/ExportButton";
import type { Step } from "./colours";
import type { Answer, Figures } from "./figures";

const COLUMNS = [
  "profiles",
  "hot",
  "warm",
  "cool",
  "cold",
  "never_warm",
  "cooled",
  "mean",
  "change",
] as const;

/** The figures as a table. */
export function table(areas: Figures[], heads: { id: string; name: string }, as_of: string): Blob {
  return csv(
    [heads.id, heads.name, ...COLUMNS, "as_of"],
    areas.map((one) => [one.id, one.name, ...COLUMNS.map((name) => one[name]), as_of]),
  );
}

/** The figures with their geometry, as GeoJSON. */
export function geojson(answer: Answer, shapeOf: (id: string) => Geometry | undefined): Blob {
  const features: Feature[] = answer.areas.flatMap((one) => {
    const geometry = shapeOf(one.id);
    return geometry ? [{ type: "Feature", id: one.id, properties: { ...one }, geometry }] : [];
  });
  const { as_of, rules, k, withheld, level } = answer;
  const document = { type: "FeatureCollection", as_of, rules, k, withheld, level, features };
  return new Blob([JSON.stringify(document)], { type: "application/geo+json" });
}

export interface Caption {
  title: string;
  lines: string[];
  steps: Step[];
  names: string[];
  ink: string;
  paper: string;
  font: string;
}

/** The picture of a map with its legend and time beneath, as PNG. */
export function picture(map: HTMLCanvasElement, caption: Caption): Promise<Blob> {
  const scale = map.width / Math.max(map.clientWidth || map.width / devicePixelRatio, 1);
  const [line, swatch, edge] = [22 * scale, 14 * scale, 16 * scale];
  const sheet = document.createElement("canvas");
  const ink = sheet.getContext("2d");
  if (!ink) throw new Error("this browser draws no pictures");
  const font = (size: number, weight = 400) => `${weight} ${size * scale}px ${caption.font}`;
  ink.font = font(13);
  const widths = caption.names.map((name) => ink.measureText(name).width + swatch * 2.4);
  const rows: number[][] = [[]];
  let used = edge;
  for (const [at, width] of widths.entries()) {
    if (used + width > map.width - edge && rows.at(-1)?.length) {
      rows.push([]);
      used = edge;
    }
    rows.at(-1)?.push(at);
    used += width;
  }
  sheet.width = map.width;
  sheet.height = map.height + edge * 2 + line * (1.3 + caption.lines.length + rows.length);
  ink.fillStyle = caption.paper;
  ink.fillRect(0, 0, sheet.width, sheet.height);
  ink.drawImage(map, 0, 0);
  ink.textBaseline = "middle";
  let y = map.height + edge + line / 2;
  ink.fillStyle = caption.ink;
  ink.font = font(16, 600);
  ink.fillText(caption.title, edge, y);
  y += line * 1.3;
  ink.font = font(13);
  for (const row of rows) {
    let x = edge;
    for (const at of row) {
      ink.fillStyle = caption.steps[at]?.colour ?? caption.paper;
      ink.fillRect(x, y - swatch / 2, swatch, swatch);
      ink.fillStyle = caption.ink;
      ink.fillText(caption.names[at] ?? "", x + swatch * 1.4, y);
      x += widths[at] ?? 0;
    }
    y += line;
  }
  for (const text of caption.lines) {
    ink.fillText(text, edge, y);
    y += line;
  }
  return new Promise((done, fail) =>
    sheet.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/png"),
  );
}
