import { AreaChartOutlined, TableOutlined } from "@ant-design/icons";
import { Segmented, Skeleton } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { csv, ExportButton } from "../shell/ExportButton";
import { Rows } from "../shell/Rows";
import type { Option } from "./Canvas";

const Canvas = lazy(() => import("./Canvas"));

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
}

/** A chart with its numbers beside it: seen, read, or taken away as a file. */
export function Chart({ title, option, numbers, height = 280 }: Shown) {
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
      {form === "chart" ? (
        <Suspense fallback={<Skeleton active style={{ height }} />}>
          <Canvas title={title} option={option} height={height} />
        </Suspense>
      ) : (
        <NumberTable title={title} numbers={numbers} height={height} />
      )}
    </div>
  );
}

function NumberTable({
  title,
  numbers,
  height,
}: {
  title: string;
  numbers: Numbers;
  height: number;
}) {
  const rows = numbers.rows.map((cells, key) => ({ key: String(key), cells }));
  const columns = numbers.columns.map((name, at) => ({
    key: name,
    title: name,
    number: typeof rows[0]?.cells[at] === "number",
    show: (row: { cells: (string | number | null)[] }) => row.cells[at],
  }));
  return (
    <Rows
      label={title}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.key}
      height={`${height}px`}
    />
  );
}
