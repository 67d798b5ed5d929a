import { DeleteOutlined, EditOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { useMay } from "../shell/session";
import { shapeOf, type TradeArea, type useAreaEdits } from "./areas";
import { useHeat } from "./asked";
import { geojson, table } from "./exported";
import type { Answer, Figures } from "./figures";
import type { Ground } from "./shapes";
import { type Sketch, sketchOf, surface } from "./sketch";
import { useDays } from "./Time";
import { filters, type View } from "./view";

const WEEK = 7;

interface Props {
  area: TradeArea;
  figures: Figures | undefined;
  view: View;
  ground: Ground;
  answer: Answer | undefined;
  edits: ReturnType<typeof useAreaEdits>;
  edit: (sketch: Sketch) => void;
  gone: () => void;
}

/** What else is told of a trade area than its figures, and what may be done with it. */
export function AreaReport({ area, figures, view, ground, answer, edits, edit, gone }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay("analyst");
  const shape = sketchOf(area.id, area.name, shapeOf(area));
  const week = useWeek(view, ground, figures !== undefined);
  const then = week?.areas.find((one) => one.id === area.id)?.change;
  const why = filters(view) > 0 || view.past ? "map.not_told" : whyNone(area);
  const files = figures &&
    answer && [
      {
        label: "CSV",
        name: `${area.name}.csv`,
        from: () => table([figures], { id: "id", name: t("map.area") }, answer.as_of),
      },
      {
        label: "GeoJSON",
        name: `${area.name}.geojson`,
        from: () => geojson({ ...answer, areas: [figures] }, () => shapeOf(area)),
      },
    ];
  return (
    <>
      {!figures && <p className="soft">{t(why)}</p>}
      <dl className="facts">
        {then !== undefined && then !== null && !view.since && (
          <>
            <dt>{t("map.week")}</dt>
            <dd>{format.change(then)}</dd>
          </>
        )}
        <dt>{t("map.sketch.surface")}</dt>
        <dd>{format.number(surface(shape))} km²</dd>
      </dl>
      <div className="map-buttons">
        {files && <ExportButton files={files} />}
        {may && (
          <>
            <Button icon={<EditOutlined />} onClick={() => edit(shape)}>
              {t("map.areas_edit")}
            </Button>
            <Button
              icon={<DeleteOutlined />}
              loading={edits.remove.isPending}
              onClick={() => edits.remove.mutate(area, { onSuccess: gone })}
            >
              {t("map.areas_delete")}
            </Button>
          </>
        )}
      </div>
    </>
  );
}

function whyNone(area: TradeArea): string {
  if (area.withheld) return "map.areas_withheld";
  return area.profiles === null || area.profiles === undefined
    ? "map.areas_nobody"
    : "map.not_told";
}

/** The trade areas compared with a week before, where that map is drawn. */
function useWeek(view: View, ground: Ground, wanted: boolean): Answer | undefined {
  const days = useDays(wanted);
  const moments = [...(days.data?.days ?? [])].sort();
  const before = moments.at(-WEEK);
  const since = before && !view.past ? before : "";
  const asked = useHeat(
    { ...view, since },
    "area",
    since && wanted ? ground.seen : undefined,
    true,
  );
  return since && !asked.isPlaceholderData ? asked.data : undefined;
}
