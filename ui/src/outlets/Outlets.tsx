import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Select, Table } from "antd";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { Temperature } from "../shell/Temperature";
import { Answer, Empty } from "../shell/Told";
import page, { LEVELS, QUADRANTS, viewOf } from "./page";

interface Row {
  id: string;
  name: string;
  profiles: number;
  mean: number;
  outlets: number;
  quadrant: (typeof QUADRANTS)[number];
  suggestion: string;
  because: { mean: number; mean_line: number; service: number; service_line: number };
}

/** Every area by how warm its people are and how well they are served, with what that suggests. */
export default function Outlets() {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const [view, setView] = useView({ ...page, view: viewOf });
  const lang = i18n.language === "zh" ? "zh" : "en";
  const query = { level: view.level, lang } as const;
  const found = useQuery({
    queryKey: ["outlets", "analysis", query],
    // Asked for without a format, the answer is never a file.
    queryFn: () =>
      told(
        api.GET("/api/outlets/analysis", { params: { query } }) as Promise<{
          data?: { as_of: string; caveat: string; items: Row[] };
        }>,
      ),
  });
  const csv = `/api/outlets/analysis?level=${view.level}&lang=${lang}&format=csv`;
  return (
    <>
      <div className="title">
        <h1>{t("outlets.title")}</h1>
        <div className="actions">
          <Select
            aria-label={t("outlets.level")}
            value={view.level}
            onChange={(level) => setView({ level })}
            options={LEVELS.map((value) => ({ value, label: t(`outlets.levels.${value}`) }))}
          />
          <Select
            aria-label={t("outlets.quadrant")}
            value={view.quadrant}
            onChange={(quadrant) => setView({ quadrant })}
            options={[
              { value: "" as const, label: t("outlets.all") },
              ...QUADRANTS.map((value) => ({ value, label: t(`outlets.quadrants.${value}`) })),
            ]}
          />
          <ExportButton files={[{ label: "CSV", from: csv, name: "service.csv" }]} />
        </div>
        {found.data && <p>{t("outlets.as_of", { at: format.moment(found.data.as_of) })}</p>}
      </div>
      <Answer of={found}>
        {(data) =>
          data.items.some((row) => row.outlets > 0) ? (
            <>
              <Alert type="info" showIcon title={data.caveat} />
              <Rows
                rows={data.items.filter((row) => !view.quadrant || row.quadrant === view.quadrant)}
                level={view.level}
              />
            </>
          ) : (
            <section className="panel">
              <Empty title={t("outlets.none")} next={t("outlets.none_next")} />
            </section>
          )
        }
      </Answer>
    </>
  );
}

function Rows({ rows, level }: { rows: Row[]; level: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Table<Row>
      rowKey="id"
      style={{ marginTop: 16 }}
      dataSource={rows}
      scroll={{ x: 900 }}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      columns={[
        {
          title: t("outlets.area"),
          render: (_, row) => (
            <Link to={"/map" as never} search={{ level, area: `${level}:${row.id}` } as never}>
              {row.name}
            </Link>
          ),
        },
        {
          title: t("outlets.profiles"),
          align: "right",
          sorter: (one, other) => one.profiles - other.profiles,
          render: (_, row) => format.count(row.profiles),
        },
        {
          title: t("outlets.mean"),
          sorter: (one, other) => one.mean - other.mean,
          render: (_, row) => <Temperature value={row.mean} />,
        },
        {
          title: t("outlets.outlets"),
          align: "right",
          sorter: (one, other) => one.outlets - other.outlets,
          render: (_, row) => format.count(row.outlets),
        },
        {
          title: t("outlets.service"),
          align: "right",
          sorter: (one, other) => one.because.service - other.because.service,
          render: (_, row) => format.number(row.because.service),
        },
        {
          title: t("outlets.suggestion"),
          render: (_, row) => (
            <>
              <b>{t(`outlets.quadrants.${row.quadrant}`)}</b>: {row.suggestion}
              <div className="soft">
                {t("outlets.because", {
                  mean: format.degrees(row.because.mean),
                  mean_line: format.degrees(row.because.mean_line),
                  service: format.number(row.because.service),
                  service_line: format.number(row.because.service_line),
                })}
              </div>
            </>
          ),
        },
      ]}
    />
  );
}
