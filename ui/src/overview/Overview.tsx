import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { worded } from "../i18n";
import { csv, ExportButton } from "../shell/ExportButton";
import { EVERY_MS, useFormat, useStatus } from "../shell/format";
import { useMay } from "../shell/session";
import { BandName } from "../shell/Temperature";
import { Answer, Empty } from "../shell/Told";
import { BANDS, type Band } from "../shell/theme";
import { Attention } from "./Attention";
import { Flow } from "./Flow";
import { History } from "./History";
import { Traffic } from "./Traffic";
import "./overview.css";

export type Glance = components["schemas"]["OverviewShown"];
type Pool = components["schemas"]["PoolTemperature"];

const WEEK_DAYS = 7;
const Watched = lazy(() => worded(() => import("../boards/Watched")));

export default function Overview() {
  const { t } = useTranslation();
  const format = useFormat();
  const glance = useQuery({
    queryKey: ["overview"],
    queryFn: () => told(api.GET("/api/overview")),
    refetchInterval: EVERY_MS,
  });
  return (
    <>
      <div className="title">
        <h1>{t("overview.title")}</h1>
        <div className="actions">{glance.data && <Exported pool={glance.data.temperature} />}</div>
        {glance.data && <p>{t("overview.as_of", { at: format.moment(glance.data.as_of) })}</p>}
      </div>
      <Answer of={glance}>{(data) => <Shown glance={data} />}</Answer>
    </>
  );
}

function Shown({ glance }: { glance: Glance }) {
  const { t } = useTranslation();
  const may = useMay("operator");
  return (
    <>
      <section className="panel" aria-labelledby="bands">
        <h2 id="bands">{t("overview.bands")}</h2>
        <Bands pool={glance.temperature} before={glance.history.days.at(-WEEK_DAYS)} />
      </section>
      {may && (
        <Suspense>
          <Watched />
        </Suspense>
      )}
      <div className="panels">
        <Attention concerns={glance.attention} />
        <Holds />
      </div>
      <History history={glance.history} />
      <div className="panels">
        <Flow flow={glance.flow} computing={glance.history.computing} />
        <Traffic traffic={glance.traffic} sources={glance.sources} />
      </div>
    </>
  );
}

/** Rows of the bands, cold told apart, as they are shown and exported. */
function Exported({ pool }: { pool: Pool }) {
  const { t } = useTranslation();
  const rows = [
    ...BANDS.map((band) => [t(`shell.bands.${band}`), pool.bands[band]]),
    [t("shell.cold.never_warm"), pool.cold.never_warm],
    [t("shell.cold.cooled"), pool.cold.cooled],
    [t("overview.all"), pool.total],
  ];
  const from = () => csv([t("overview.band"), t("overview.profiles")], rows);
  return <ExportButton files={[{ label: "CSV", from, name: "bands.csv" }]} />;
}

function Bands({ pool, before }: { pool: Pool; before?: Pool }) {
  const { t } = useTranslation();
  const may = useMay("operator");
  const mayImport = useMay("analyst");
  const format = useFormat();
  if (pool.total === 0) {
    return (
      <Empty
        title={t("overview.empty")}
        next={t("overview.empty_next")}
        action={
          <span className="empty-ways">
            {mayImport && (
              <Link to={"/imports" as never}>
                <Button type="primary">{t("overview.empty_import")}</Button>
              </Link>
            )}
            <Link to={"/sources" as never}>
              <Button>{t("overview.empty_source")}</Button>
            </Link>
          </span>
        }
      />
    );
  }
  return (
    <>
      <div className="bands-bar" aria-hidden="true">
        {BANDS.filter((band) => pool.bands[band] > 0).map((band) => (
          <span key={band} style={{ flexGrow: pool.bands[band], background: `var(--${band})` }} />
        ))}
      </div>
      <ul className="bands">
        {BANDS.map((band) => (
          <li key={band} data-band={band}>
            <BandName band={band} />
            <span className="soft range">{t(`overview.ranges.${band}`)}</span>
            {may ? (
              <Link className="figure" to={"/profiles" as never} search={{ band } as never}>
                {format.count(pool.bands[band])}
              </Link>
            ) : (
              <span className="figure">{format.count(pool.bands[band])}</span>
            )}
            <span className="soft">
              {format.percent(pool.bands[band] / pool.total)}
              <Change band={band} pool={pool} before={before} />
            </span>
            {band === "cold" && (
              <dl className="facts">
                <dt>{t("shell.cold.never_warm")}</dt>
                <dd>{format.count(pool.cold.never_warm)}</dd>
                <dt>{t("shell.cold.cooled")}</dt>
                <dd>{format.count(pool.cold.cooled)}</dd>
              </dl>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Change({ band, pool, before }: { band: Band; pool: Pool; before?: Pool }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!before) return null;
  const change = pool.bands[band] - before.bands[band];
  return ` · ${t("overview.change", { change: `${change > 0 ? "+" : ""}${format.number(change, 0)}` })}`;
}

function Holds() {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="panel" aria-labelledby="holds">
      <h2 id="holds">{t("overview.holds")}</h2>
      <Answer of={useStatus()}>
        {(status) => (
          <dl className="facts">
            <dt>{t("overview.known")}</dt>
            <dd>{format.count(status.profiles)}</dd>
            <dt>{t("overview.anonymous")}</dt>
            <dd>{format.count(status.anonymous)}</dd>
            <dt>{t("overview.events")}</dt>
            <dd>{format.count(status.events)}</dd>
            <dt>{t("overview.duplicates")}</dt>
            <dd>{format.count(status.duplicates)}</dd>
            <dt>{t("overview.lag")}</dt>
            <dd>{format.seconds(status.lag_seconds)}</dd>
          </dl>
        )}
      </Answer>
    </section>
  );
}
