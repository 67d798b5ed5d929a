import { AreaChartOutlined, TableOutlined } from "@ant-design/icons";
import { Segmented, Skeleton } from "antd";
import { lazy, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { csv, ExportButton } from "../shell/ExportButton";
import type { Option, Picture } from "./Canvas";

const Canvas = lazy(() => import("./Canvas"));
const NumberTable = lazy(() => import("./NumberTable"));

export type { Option } from "./Canvas";

/** What a chart shows, as a table and as a file. */
export interface Numbers {
  columns: string[];
  rows: (string | number | null)[][];
  /** How a value of a column is read; as it is, where nothing is said. */
  show?: (value: string | number | null, column: number) => string;
}

interface Shown {
  title: string;
  option: Option;
  numbers: Numbers;
  height?: number;
  /** A click on something that is drawn, with the datum it was drawn from. */
  pick?: (datum: unknown) => void;
}

/** A chart with its numbers beside it: seen, read, or taken away as a file. */
export function Chart({ title, option, numbers, height = 280, pick }: Shown) {
  const { t } = useTranslation();
  const [form, setForm] = useState<"chart" | "numbers">("chart");
  const picture = useRef<Picture>(undefined);
  const files = [
    { label: "CSV", name: `${title}.csv`, from: () => csv(numbers.columns, numbers.rows) },
    { label: "PNG", name: `${title}.png`, from: () => picture.current?.() ?? Promise.reject() },
  ];
  return (
    <div className="chart">
      <div className="chart-tools">
        <Segmented
          value={form}
          onChange={setForm}
          aria-label={t("charts.form")}
          options={[
            { value: "chart", icon: <AreaChartOutlined />, title: t("charts.chart") },
            { value: "numbers", icon: <TableOutlined />, title: t("charts.numbers") },
          ]}
        />
        <ExportButton files={form === "chart" ? files : files.slice(0, 1)} />
      </div>
      <Suspense fallback={<Skeleton active style={{ height }} />}>
        {form === "chart" ? (
          <Canvas title={title} option={option} {...{ height, pick, picture }} />
        ) : (
          <NumberTable title={title} numbers={numbers} height={height} />
        )}
      </Suspense>
    </div>
  );
}
