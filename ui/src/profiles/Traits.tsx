import { useTranslation } from "react-i18next";
import { plain } from "../named/traits";
import { useFormat } from "../shell/format";
import { Rows } from "../shell/Rows";
import { Empty } from "../shell/Told";
import type { Person } from "./Profile";

interface Trait {
  name: string;
  value: unknown;
  type: string;
  source: string;
  at: string;
}

/** What is known of a person, from where, and since when; and where they were last. */
export function Traits({ person }: { person: Person }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = Object.entries(person.traits as Record<string, Omit<Trait, "name">>);
  const { place } = person;
  return (
    <>
      <section className="panel" aria-labelledby="traits">
        <h2 id="traits">{t("profiles.tabs.traits")}</h2>
        {rows.length === 0 ? (
          <Empty title={t("profiles.no_traits")} next={t("profiles.no_traits_next")} />
        ) : (
          <Rows<Trait>
            label={t("profiles.tabs.traits")}
            rows={rows.map(([name, trait]) => ({ name, ...trait }))}
            rowKey={(one) => one.name}
            height="none"
            columns={[
              { key: "name", title: t("profiles.trait_name"), show: (one) => one.name },
              {
                key: "value",
                title: t("profiles.value"),
                width: 260,
                show: (one) => plain(one.value),
              },
              { key: "type", title: t("profiles.type"), width: 110, show: (one) => one.type },
              { key: "source", title: t("profiles.source"), show: (one) => one.source },
              {
                key: "at",
                title: t("profiles.age"),
                show: (one) => <span title={format.moment(one.at)}>{format.away(one.at)}</span>,
              },
            ]}
          />
        )}
      </section>
      <section className="panel" aria-labelledby="place">
        <h2 id="place">{t("profiles.place")}</h2>
        {place ? (
          <dl className="facts profiles-place">
            <dt>{t("profiles.adcode")}</dt>
            <dd>{place.adcode || t("profiles.abroad")}</dd>
            <dt>{t("profiles.coordinates")}</dt>
            <dd>
              {format.number(place.lat, 4)}, {format.number(place.lon, 4)}
            </dd>
            <dt>{t("profiles.precision")}</dt>
            <dd>± {format.count(place.precision)} m</dd>
            <dt>{t("profiles.at")}</dt>
            <dd>{format.moment(place.at)}</dd>
          </dl>
        ) : (
          <p className="soft">{t("profiles.no_place")}</p>
        )}
      </section>
    </>
  );
}
