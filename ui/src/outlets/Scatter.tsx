import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "../charts/Chart";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { bandOf } from "../shell/Temperature";
import { BAND_COLOURS, COLOURS } from "../shell/theme";
import type { Analysis, Row } from "./asked";
import type { QUADRANTS } from "./page";
import { rooted, squared } from "./rows";

interface Props {
  data: Analysis;
  rows: Row[];
  open: (id: string) => void;
}

interface Point {
  value: [mean: number, root: number];
  row: Row;
}

const [LEAST, MOST] = [7, 46];
/** Room around the outermost points, as a share of what they span. */
const ROOM = 0.2;
/** At least so many degrees are left on either side. */
const DEGREES = 5;
const FEW = 40;
/** The ends of an axis are where the points end, not at round numbers. */
const ENDS = { showMinLabel: false, showMaxLabel: false };

/** Areas by temperature and service, parted in four by the pool's own means. */
export function Scatter({ data, rows, open }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const by = t(data.lines.by_capacity === 1 ? "outlets.by_capacity" : "outlets.by_outlets");
  const option = useMemo(() => {
    const { ink, soft, paper } = COLOURS[shade];
    const { mean = 0, service = 0 } = data.lines;
    const largest = Math.max(1, ...rows.map((row) => row.profiles));
    const line = { x: mean, y: rooted(service) };
    const x = beside(
      rows.map((row) => row.mean),
      mean,
    );
    const y = around([...rows.map((row) => rooted(row.because.service)), line.y]);
    const name = (quadrant: (typeof QUADRANTS)[number]) => t(`outlets.quadrants.${quadrant}`);
    const corner = (
      quadrant: (typeof QUADRANTS)[number],
      from: [number, number],
      to: [number, number],
      position: string,
    ) => [
      {
        name: name(quadrant),
        coord: from,
        itemStyle: { color: "transparent" },
        label: {
          silent: true,
          position,
          color: soft,
          fontWeight: 600,
          fontSize: 11,
          distance: 6,
          // Two of them fit beside each other on a phone.
          width: 84,
          overflow: "break",
        },
      },
      { coord: to },
    ];
    return {
      grid: { left: 64, right: 24, top: 16, bottom: 52 },
      tooltip: {
        trigger: "item",
        confine: true,
        formatter: ({ data }: { data: Point }) =>
          data.row ? told(data.row, by, t("outlets.profiles"), format) : "",
      },
      xAxis: {
        type: "value",
        ...x,
        name: t("outlets.mean_axis"),
        nameLocation: "middle",
        nameGap: 30,
        axisLabel: { ...ENDS, formatter: (value: number) => format.number(value, 0) },
        splitLine: { show: false },
      },
      yAxis: {
        type: "value",
        ...y,
        name: t("outlets.root_axis", { by }),
        nameLocation: "middle",
        nameGap: 46,
        axisLabel: { ...ENDS, formatter: (value: number) => short(value, format) },
        splitLine: { show: false },
      },
      series: [
        {
          type: "scatter",
          cursor: "pointer",
          data: rows.map((row) => ({
            value: [row.mean, rooted(row.because.service)],
            row,
            symbolSize: LEAST + (MOST - LEAST) * Math.sqrt(row.profiles / largest),
            itemStyle: {
              color: BAND_COLOURS[shade][bandOf(row.mean)].fill,
              opacity: 0.78,
              borderColor: paper,
            },
            label: {
              show: rows.length <= FEW || row.profiles > largest / 20,
              formatter: row.name,
              position: "top",
              color: ink,
              fontSize: 12,
            },
          })),
          labelLayout: { hideOverlap: true },
          markLine: {
            symbol: "none",
            silent: true,
            lineStyle: { color: soft, type: "dashed" },
            label: { show: false },
            data: [{ xAxis: line.x }, { yAxis: line.y }],
          },
          markArea: {
            silent: true,
            data: [
              corner("cold_served", [x.min, line.y], [line.x, y.max], "insideTopLeft"),
              corner("hot_served", [line.x, line.y], [x.max, y.max], "insideTopRight"),
              corner("cold_thin", [x.min, y.min], [line.x, line.y], "insideBottomLeft"),
              corner("hot_thin", [line.x, y.min], [x.max, line.y], "insideBottomRight"),
            ],
          },
        },
      ],
    };
  }, [data, rows, shade, t, format, by]);
  const numbers = useMemo(
    () => ({
      columns: [
        t("outlets.area"),
        t("outlets.mean_axis"),
        by,
        t("outlets.profiles"),
        t("outlets.quadrant"),
      ],
      rows: rows.map((row) => [
        row.name,
        row.mean,
        row.because.service,
        row.profiles,
        t(`outlets.quadrants.${row.quadrant}`),
      ]),
    }),
    [rows, t, by],
  );
  return (
    <Chart
      title={t("outlets.scatter")}
      option={option}
      numbers={numbers}
      height={460}
      pick={(datum) => {
        const row = (datum as Partial<Point> | undefined)?.row;
        if (row) open(row.id);
      }}
    />
  );
}

type Format = ReturnType<typeof useFormat>;

function short(root: number, format: Format): string {
  if (root < 0) return "";
  const value = squared(root);
  return format.number(value, value < 10 && value > 0 ? 1 : 0);
}

/** Names are data: they are text here, whatever stands in them. */
function told(row: Row, by: string, profiles: string, format: Format): string {
  const text = (value: string) =>
    value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return [
    `<b>${text(row.name)}</b>`,
    `${format.degrees(row.mean)} · ${text(profiles)} ${format.count(row.profiles)}`,
    `${text(by)} ${format.number(row.because.service)}`,
    text(row.suggestion),
  ].join("<br>");
}

/** As far on either side of a line as the farthest value: all four quadrants are as wide. */
function beside(values: number[], line: number) {
  const far = Math.max(DEGREES, ...values.map((value) => Math.abs(value - line))) * (1 + ROOM);
  return { min: line - far, max: line + far };
}

/** From the lowest to the highest, with room for the names of the quadrants. */
function around(values: number[]) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((high - low) * ROOM, 0.5);
  return { min: low - room, max: high + room };
}
