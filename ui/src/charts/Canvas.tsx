import { BarChart, HeatmapChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { type EChartsCoreOption, type EChartsType, init, use } from "echarts/core";
// Without it names that lie over each other are all drawn.
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { type RefObject, useEffect, useRef } from "react";
import { useLook } from "../shell/look";
import { COLOURS, type Shade } from "../shell/theme";

export type Option = EChartsCoreOption;
/** Makes a file of what is drawn. */
export type Picture = (() => Promise<Blob>) | undefined;

use([
  LabelLayout,
  BarChart,
  HeatmapChart,
  LineChart,
  SankeyChart,
  ScatterChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
]);

function themeOf(shade: Shade) {
  const { ink, soft, line, paper } = COLOURS[shade];
  const axis = {
    axisLine: { lineStyle: { color: line } },
    axisTick: { lineStyle: { color: line } },
    axisLabel: { color: soft },
    splitLine: { lineStyle: { color: line } },
    nameTextStyle: { color: soft },
  };
  return {
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
    legend: { textStyle: { color: ink } },
    tooltip: { backgroundColor: paper, borderColor: line, textStyle: { color: ink } },
    categoryAxis: axis,
    valueAxis: axis,
    timeAxis: axis,
    logAxis: axis,
  };
}

/** What is drawn as a PNG, sharp enough to be printed. */
function pictureOf(chart: EChartsType, shade: Shade): Promise<Blob> {
  const drawn = chart.renderToCanvas({ pixelRatio: 2, backgroundColor: COLOURS[shade].paper });
  return new Promise((found, none) => {
    drawn.toBlob((blob) => (blob ? found(blob) : none(new Error("nothing was drawn"))));
  });
}

/** What the axes of a chart are called, for whom does not see it: across first, then upwards. */
function axesOf(option: Option): string | undefined {
  const names = [option.xAxis, option.yAxis].flat().flatMap((axis) => {
    const name = (axis as { name?: unknown } | undefined)?.name;
    return typeof name === "string" && name ? [name] : [];
  });
  return names.length > 0 ? names.join(" · ") : undefined;
}

/** Draws a chart, and draws it again when its place, its data or the look changes. */
export default function Canvas({
  title,
  option,
  height,
  pick,
  picture,
}: {
  title: string;
  option: Option;
  height: number;
  pick?: (datum: unknown) => void;
  picture: RefObject<Picture>;
}) {
  const picked = useRef(pick);
  picked.current = pick;
  const place = useRef<HTMLDivElement>(null);
  const { shade } = useLook();
  useEffect(() => {
    if (!place.current) return;
    const chart = init(place.current, themeOf(shade));
    // Drawn at once: a chart that moves is harder to read than one that stands.
    chart.setOption({ animation: false, ...option });
    chart.on("click", ({ data }) => picked.current?.(data));
    picture.current = () => pictureOf(chart, shade);
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      picture.current = undefined;
      chart.dispose();
    };
  }, [option, shade, picture]);
  return (
    <div
      ref={place}
      role="img"
      aria-label={title}
      aria-description={axesOf(option)}
      style={{ height, width: "100%" }}
    />
  );
}
