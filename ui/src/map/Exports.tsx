import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { COLOURS } from "../shell/theme";
import type { Handle } from "./Canvas";
import { type Credit, creditOf } from "./Credits";
import type { Step } from "./colours";
import { geojson, picture, table } from "./exported";
import type { Answer, Figures } from "./figures";
import { useStepNames } from "./Legend";
import { FONT } from "./layers";
import type { Shapes } from "./shapes";
import type { Colouring } from "./view";

interface Props {
  answer: Answer;
  names: (area: Figures) => string;
  shapes: Shapes | undefined;
  steps: Step[];
  colouring: Colouring;
  handle: RefObject<Handle | null>;
  /** Where what is drawn comes from, of what is shipped and of what is not. */
  sources: string;
  credits: Credit[];
}

/** The map as a table, as shapes, and as a picture with legend and time. */
export function Exports({ answer, names, shapes, steps, colouring, handle, ...from }: Props) {
  const { t } = useTranslation();
  const { shade } = useLook();
  const format = useFormat();
  const stepNames = useStepNames();
  const name = (end: string) => `heat-${answer.level}-${answer.as_of.slice(0, 10)}.${end}`;
  const named = answer.areas.map((one) => ({ ...one, name: names(one) }));
  const png = async () => {
    const drawn = await handle.current?.picture();
    if (!drawn) throw new Error("there is no map yet");
    const { ink = "", paper = "" } = COLOURS[shade];
    const title = `${t("map.title")} · ${t(`map.colourings.${colouring}`)}`;
    const lines = [
      `${format.moment(answer.as_of)} · ${t(`map.levels.${answer.level as "cell"}`)}`,
      from.sources,
      ...from.credits.map((one) => creditOf(one, t)),
    ];
    const names = stepNames(steps, colouring);
    return picture(drawn, { title, lines, steps, names, ink, paper, font: FONT });
  };
  const shapeOf = (id: string) => {
    const circle = shapes?.circleOf(id);
    if (circle) return { type: "Point" as const, coordinates: circle.at };
    return shapes?.shapeOf(id)?.geometry;
  };
  return (
    <ExportButton
      files={[
        {
          label: "CSV",
          from: () => table(named, { id: "id", name: "name" }, answer.as_of),
          name: name("csv"),
        },
        { label: "GeoJSON", from: () => geojson(answer, shapeOf), name: name("geojson") },
        { label: t("map.picture"), from: png, name: name("png") },
      ]}
    />
  );
}
