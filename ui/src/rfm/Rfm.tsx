import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { csv, ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { useMay } from "../shell/session";
import { Answer, Empty } from "../shell/Told";
import { address, type Found, type Part, type Query, query, useRfm } from "./asked";
import { Classes } from "./Classes";
import { Concentration } from "./Concentration";
import { Grid } from "./Grid";
import { Moves } from "./Moves";
import { Parameters } from "./Parameters";
import { Picked } from "./Picked";
import page, { type View, viewOf } from "./page";
import "./rfm.css";

/** Customers by how lately, how often and for how much they ordered. */
export default function Rfm() {
  const { t } = useTranslation();
  const format = useFormat();
  const [view, change] = useView({ ...page, view: viewOf });
  const asked = query(view, format.day);
  const found = useRfm(asked);
  const data = found.data;
  return (
    <>
      <div className="title">
        <h1>{t("rfm.title")}</h1>
        <div className="actions">{data && asked && <Exported found={data} asked={asked} />}</div>
        {data && (
          <p>
            {t("rfm.as_of", {
              at: format.moment(data.as_of),
              profiles: format.count(data.profiles),
              customers: format.count(data.customers),
            })}
          </p>
        )}
      </div>
      <Parameters view={view} change={change} found={data} />
      {asked ? (
        <Answer of={found}>
          {(told) => <Shown found={told} view={view} change={change} asked={asked} />}
        </Answer>
      ) : (
        <section className="panel">
          <p className="soft">{t("rfm.hand_first")}</p>
        </section>
      )}
    </>
  );
}

interface Looked {
  found: Found;
  view: View;
  asked: Query;
  change: (patch: Partial<View>, how?: { replace?: boolean; still?: boolean }) => void;
}

function Shown({ found, view, change, asked }: Looked) {
  const { t } = useTranslation();
  const mayImport = useMay("analyst");
  const pick = (name: string) => change({ pick: name === view.pick ? "" : name }, { still: true });
  const inGrid = found.grid.some((one) => one.name === view.pick);
  if (found.customers === 0) {
    return (
      <section className="panel">
        <Empty
          title={t("rfm.empty")}
          next={t("rfm.empty_next")}
          action={
            mayImport && (
              <Link to={"/imports" as never}>
                <Button type="primary">{t("rfm.import")}</Button>
              </Link>
            )
          }
        />
      </section>
    );
  }
  return (
    <>
      <Classes found={found} picked={view.pick} pick={pick} />
      {!inGrid && <Picked found={found} name={view.pick} asked={asked} />}
      <Grid
        found={found}
        picked={view.pick}
        pick={pick}
        measure={view.measure}
        choose={(measure) => change({ measure }, { still: true })}
        view={view}
        put={(patch) => change(patch, { replace: true, still: true })}
      />
      {inGrid && <Picked found={found} name={view.pick} asked={asked} />}
      <div className="panels">
        {found.since && <Moves found={found} since={found.since} />}
        <Concentration view={view} />
      </div>
    </>
  );
}

function Exported({ found, asked }: { found: Found; asked: Query }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay("analyst");
  const table = (parts: Part[], what: string, name: (part: Part) => string) => () =>
    csv(
      [what, ...COLUMNS.map((key) => t(`rfm.${key}`))],
      parts.map((one) => [name(one), ...cells(one)]),
    );
  const files = [
    {
      label: t("rfm.classes_csv"),
      from: table(found.classes, t("rfm.class"), (one) => t(`rfm.names.${one.name}`)),
      name: `rfm-classes-${format.day(found.as_of)}.csv`,
    },
    {
      label: t("rfm.grid_csv"),
      from: table(found.grid, t("rfm.grades"), (one) => one.name),
      name: `rfm-grid-${format.day(found.as_of)}.csv`,
    },
  ];
  if (may) {
    const from = `/api/export/rfm?${address(asked)}`;
    files.push({ label: t("rfm.customers_csv"), from: from as never, name: "rfm-customers.csv" });
  }
  return <ExportButton files={files} />;
}

const COLUMNS = [
  "customers",
  "share",
  "revenue",
  "revenue_share",
  "mean_days",
  "mean_orders",
  "mean_amount",
] as const;

function cells(one: Part) {
  return [
    one.customers,
    one.share,
    one.revenue,
    one.revenue_share,
    one.days,
    one.frequency,
    one.amount,
  ];
}
