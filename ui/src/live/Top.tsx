import { Link } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { Sheet } from "../shell/Sheet";
import type { Frame } from "./stream";

const PlacesMap = lazy(() => import("../map/PlacesMap"));

type Row = Frame["pages"][number];

interface Shown {
  name: "pages" | "sources" | "channels" | "names";
  rows: Row[];
  note?: string;
}

/** The pages, sources, channels or events of most visitors. */
export function Top({ name, rows, note }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = t(`live.${name}`);
  const columns = [
    { key: "name", title: t("live.name"), head: true, show: (row: Row) => row.name },
    {
      key: "visitors",
      title: t("live.visitors"),
      number: true,
      show: (row: Row) => format.count(row.visitors),
    },
    {
      key: "events",
      title: t("live.events"),
      number: true,
      show: (row: Row) => format.count(row.events),
    },
  ];
  return (
    <section className="panel live-top" aria-label={title}>
      <h2>{title}</h2>
      {note && <p className="soft">{note}</p>}
      {rows.length > 0 ? (
        <Sheet label={title} columns={columns} rows={rows} rowKey={(row) => row.name} />
      ) : (
        <p className="soft">{t("live.none")}</p>
      )}
    </section>
  );
}

/** In which provinces and countries the people of the last minutes are. */
export function Places({ frame }: { frame: Frame }) {
  const { t } = useTranslation();
  const format = useFormat();
  const most = Math.max(1, ...frame.places.map(({ people }) => people));
  const told = JSON.stringify(frame.places);
  // The map is drawn anew only where people are elsewhere than a moment ago.
  const places = useMemo(() => {
    const spots = JSON.parse(told) as Frame["places"];
    return spots.map(({ id, name, people }) => ({ id, name, profiles: people }));
  }, [told]);
  const words = {
    withheld: format.count(frame.withheld),
    unlocated: format.count(frame.unlocated),
  };
  return (
    <section className="panel" aria-label={t("live.places")}>
      <h2>{t("live.places")}</h2>
      <p className="soft">
        {t("live.places_note", words)} <Link to={"/map" as never}>{t("live.to_map")}</Link>
      </p>
      {places.length > 0 && (
        <div className="live-where">
          <div>
            <Suspense fallback={<Skeleton active />}>
              <PlacesMap places={places} />
            </Suspense>
          </div>
          <ol className="live-places">
            {places.map(({ id, name, profiles }) => (
              <li key={id}>
                <span>{name}</span>
                <span className="live-bar" aria-hidden="true">
                  <span style={{ inlineSize: `${(100 * profiles) / most}%` }} />
                </span>
                <span className="number">{format.count(profiles)}</span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}
