import { Link, useNavigate } from "@tanstack/react-router";
import { Alert, Button, Input, Select } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSpoken } from "../i18n";
import { ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { Temperature } from "../shell/Temperature";
import { Answer, Empty } from "../shell/Told";
import { type Analysis, type Row, useAnalysis } from "./asked";
import page, { LEVELS, QUADRANTS, SORTS, type View, viewOf } from "./page";
import { shown } from "./rows";
import { Scatter } from "./Scatter";

const FIRST = 50;
/** From here on nobody asks what stands behind the point. */
const WHOLE = 100;

/** Every area by how warm its people are and how well they are served, with what that suggests. */
export function Heat() {
  const { t } = useTranslation();
  const format = useFormat();
  const [view, setView] = useView({ ...page, view: viewOf });
  const lang = useSpoken();
  const found = useAnalysis(view.level, lang);
  const orderOf = (sort: View["sort"], up: boolean) => {
    if (sort === "name") return t(up ? "outlets.by_name_back" : "outlets.by_name");
    return t(up ? "outlets.rising" : "outlets.falling", { by: t(`outlets.sorts.${sort}`) });
  };
  const csv = `/api/outlets/analysis?level=${view.level}&lang=${lang}&format=csv`;
  return (
    <>
      <div className="outlets-tools">
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
        <Input.Search
          allowClear
          defaultValue={view.q}
          placeholder={t("outlets.find_area")}
          aria-label={t("outlets.find_area")}
          onChange={({ target }) => setView({ q: target.value }, { replace: true })}
        />
        <Select
          aria-label={t("outlets.sort")}
          value={`${view.sort} ${view.up}`}
          onChange={(value) => {
            const [sort, up] = value.split(" ");
            setView(viewOf({ ...view, sort, up }));
          }}
          options={SORTS.flatMap((sort) =>
            ["", "up"].map((up) => ({
              value: `${sort} ${up}`,
              label: orderOf(sort, up === "up"),
            })),
          )}
        />
        <ExportButton files={[{ label: t("outlets.csv"), from: csv, name: "service.csv" }]} />
      </div>
      <Answer of={found}>
        {(data) => (
          <>
            <p className="soft">{t("outlets.as_of", { at: format.moment(data.as_of) })}</p>
            <Found data={data} view={view} change={setView} />
          </>
        )}
      </Answer>
    </>
  );
}

interface Shown {
  data: Analysis;
  view: View;
  change: (patch: Partial<View>) => void;
}

function Found({ data, view, change }: Shown) {
  const { t } = useTranslation();
  const go = useNavigate();
  const rows = useMemo(() => shown(data.items, view), [data.items, view]);
  const open = (id: string) =>
    void go({
      to: "/map" as never,
      search: { level: view.level, area: `${view.level}:${id}`, outlets: "on" } as never,
    });
  if (data.items.length === 0) {
    return (
      <section className="panel">
        {view.level === "area" ? (
          <Empty title={t("outlets.no_areas")} next={t("outlets.no_areas_next")} />
        ) : (
          <Empty title={t("outlets.no_people")} next={t("outlets.no_people_next")} />
        )}
      </section>
    );
  }
  return (
    <>
      <Alert type="info" showIcon title={data.caveat} className="outlets-note" />
      <section className="panel" aria-labelledby="scatter">
        <h2 id="scatter">{t("outlets.scatter")}</h2>
        <p className="soft">
          {t("outlets.scatter_how")}
          {data.lines.by_capacity !== 1 &&
            data.items.some(({ outlets }) => outlets > 0) &&
            t("outlets.without_capacity")}
        </p>
        <Scatter data={data} rows={rows} open={open} />
      </section>
      <section className="panel outlets-areas" aria-labelledby="rows">
        <h2 id="rows">{t("outlets.rows", { rows: rows.length })}</h2>
        {rows.length > 0 ? (
          <Table
            rows={rows}
            view={view}
            change={change}
            by_capacity={data.lines.by_capacity === 1}
          />
        ) : (
          <Empty title={t("outlets.no_rows")} next={t("outlets.no_rows_next")} />
        )}
      </section>
    </>
  );
}

interface Listed {
  rows: Row[];
  view: View;
  change: Shown["change"];
  by_capacity: boolean;
}

function Table({ rows, view, change, by_capacity }: Listed) {
  const { t } = useTranslation();
  const format = useFormat();
  const [most, setMost] = useState(FIRST);
  const service = (value: number) =>
    value < WHOLE ? format.number(value) : format.count(Math.round(value));
  const sorting = (sort: View["sort"]) => ({
    title: t(`outlets.sorts.${sort}`),
    sorted: view.sort === sort ? (view.up ? ("up" as const) : ("down" as const)) : undefined,
    sort: () => change({ sort, up: view.sort === sort && !view.up ? "up" : "" }),
  });
  const columns: Cell<Row>[] = [
    {
      key: "name",
      ...sorting("name"),
      head: true,
      show: (row) => (
        <Link
          to={"/map" as never}
          search={{ level: view.level, area: `${view.level}:${row.id}`, outlets: "on" } as never}
        >
          {row.name}
        </Link>
      ),
    },
    {
      key: "profiles",
      ...sorting("profiles"),
      number: true,
      show: (row) => format.count(row.profiles),
    },
    {
      key: "mean",
      ...sorting("mean"),
      number: true,
      show: (row) => <Temperature value={row.mean} />,
    },
    {
      key: "outlets",
      ...sorting("outlets"),
      number: true,
      show: (row) => format.count(row.outlets),
    },
    {
      key: "service",
      ...sorting("service"),
      title: t(by_capacity ? "outlets.by_capacity" : "outlets.by_outlets"),
      number: true,
      show: (row) => service(row.because.service),
    },
    {
      key: "suggestion",
      title: t("outlets.suggestion"),
      show: (row) => (
        <div className="outlets-why">
          <span>{row.suggestion}</span>
          <span className="soft">
            {t("outlets.because", {
              mean: format.degrees(row.because.mean),
              mean_line: format.degrees(row.because.mean_line),
              of: t(by_capacity ? "outlets.by_capacity" : "outlets.by_outlets"),
              service: service(row.because.service),
              service_line: service(row.because.service_line),
            })}
          </span>
          {!row.compared && <span className="soft">{t("outlets.not_compared")}</span>}
        </div>
      ),
    },
  ];
  return (
    <>
      <Sheet
        label={t("outlets.heat")}
        columns={columns}
        rows={rows.slice(0, most)}
        rowKey={(row) => row.id}
      />
      {rows.length > most && (
        <Button type="link" onClick={() => setMost(most + FIRST)}>
          {t("outlets.more", { rest: format.count(rows.length - most) })}
        </Button>
      )}
    </>
  );
}
