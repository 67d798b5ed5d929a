import { BarChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import {
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
// Without it names that lie over each other are all drawn.
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useLook } from "../shell/look";
import { COLOURS, type Shade } from "../shell/theme";

export type Option = EChartsCoreOption;

use([
  LabelLayout,
  BarChart,
  LineChart,
  SankeyChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
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

/** Draws a chart, and draws it again when its place, its data or the look changes. */
export default function Canvas({
  title,
  option,
  height,
  pick,
}: {
  title: string;
  option: Option;
  height: number;
  pick?: (datum: unknown) => void;
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
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [option, shade]);
  return <div ref={place} role="img" aria-label={title} style={{ height, width: "100%" }} />;
}
