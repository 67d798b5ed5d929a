import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { csv, ExportButton } from "../shell/ExportButton";
import { EVERY_MS, useFormat, useStatus } from "../shell/format";
import { BandName, BandShape } from "../shell/Temperature";
import { Answer, Empty } from "../shell/Told";
import { BANDS } from "../shell/theme";
import "./overview.css";

type Pool = components["schemas"]["PoolTemperature"];

function useTemperature() {
  return useQuery({
    queryKey: ["temperature"],
    queryFn: () => told(api.GET("/api/temperature")),
    refetchInterval: EVERY_MS,
  });
}

export default function Overview() {
  const { t } = useTranslation();
  const format = useFormat();
  const pool = useTemperature();
  return (
    <>
      <div className="title">
        <h1>{t("overview.title")}</h1>
        <div className="actions">{pool.data && <Exported pool={pool.data} />}</div>
        {pool.data && <p>{t("overview.as_of", { at: format.moment(pool.data.as_of) })}</p>}
      </div>
      <section className="panel" aria-labelledby="bands">
        <h2 id="bands">{t("overview.bands")}</h2>
        <Answer of={pool}>{(data) => <Bands pool={data} />}</Answer>
      </section>
      <div className="panels">
        <Holds />
        <Lag />
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

function Bands({ pool }: { pool: Pool }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (pool.total === 0) {
    return <Empty title={t("overview.empty")} next={t("overview.empty_next")} />;
  }
  const share = (count: number) => count / pool.total;
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
            <span className="figure">{format.count(pool.bands[band])}</span>
            <span className="soft">{format.percent(share(pool.bands[band]))}</span>
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
          </dl>
        )}
      </Answer>
    </section>
  );
}

function Lag() {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="panel" aria-labelledby="attention">
      <h2 id="attention">{t("overview.attention")}</h2>
      <Answer of={useStatus()}>
        {(status) => (
          <dl className="facts">
            <dt>{t("overview.quarantined")}</dt>
            <dd>
              {status.quarantined > 0 && <BandShape band="warm" size={9} />}{" "}
              {format.count(status.quarantined)}
            </dd>
            <dt>{t("overview.conflicts")}</dt>
            <dd>{format.count(status.conflicts)}</dd>
            <dt>{t("overview.lag")}</dt>
            <dd>{format.seconds(status.lag_seconds)}</dd>
          </dl>
        )}
      </Answer>
    </section>
  );
}
