import { AreaChartOutlined, TableOutlined } from "@ant-design/icons";
import { Segmented, Skeleton } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { csv, ExportButton } from "../shell/ExportButton";
import type { Option } from "./Canvas";

const Canvas = lazy(() => import("./Canvas"));
const NumberTable = lazy(() => import("./NumberTable"));

export type { Option } from "./Canvas";

/** What a chart shows, as a table and as a file. */
export interface Numbers {
  columns: string[];
  rows: (string | number | null)[][];
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
  const file = {
    label: "CSV",
    name: `${title}.csv`,
    from: () => csv(numbers.columns, numbers.rows),
  };
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
        <ExportButton files={[file]} />
      </div>
      <Suspense fallback={<Skeleton active style={{ height }} />}>
        {form === "chart" ? (
          <Canvas title={title} option={option} height={height} pick={pick} />
        ) : (
          <NumberTable title={title} numbers={numbers} height={height} />
        )}
      </Suspense>
    </div>
  );
}
