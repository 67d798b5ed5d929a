import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Typography } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { traitOf } from "../named/traits";
import { Persona } from "../portrait/Persona";
import { EVERY_MS, useFormat } from "../shell/format";
import { Parts } from "../shell/Parts";
import { oneOf, useView, written } from "../shell/page";
import { BandName, BandShape } from "../shell/Temperature";
import { Answer } from "../shell/Told";
import { OfProfile } from "../sorting/OfProfile";
import { TagsOf } from "../tags/TagsOf";
import { ConsentTable } from "./ConsentTable";
import { Erase } from "./Erase";
import { Heat } from "./Heat";
import { Identity } from "./Identity";
import { PersonFile } from "./PersonFile";
import { one, TABS } from "./page";
import { Thermometer } from "./Thermometer";
import { Timeline } from "./Timeline";
import { Traits } from "./Traits";
import "./profiles.css";

export type Person = components["schemas"]["Profile"] & {
  events?: number;
  first_seen?: string | null;
  last_seen?: string | null;
  place?: Place | null;
};

export interface Place {
  lon: number;
  lat: number;
  adcode: number;
  origin: string;
  precision: number;
  at: string;
}

export default function Profile() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const navigate = useNavigate();
  const person = useQuery({
    queryKey: ["profile", id],
    queryFn: () =>
      told(api.GET("/api/profiles/{key}", { params: { path: { key: id } } })) as Promise<Person>,
    refetchInterval: EVERY_MS,
  });
  const now = person.data?.id;
  useEffect(() => {
    // Asked for by an identifier, or by the id of before a merge: the address tells the id of now.
    if (now && now !== id) {
      const [to, params, search] = ["/profiles/$id", { id: now }, (before: object) => before];
      void navigate({
        to: to as never,
        params: params as never,
        search: search as never,
        replace: true,
      });
    }
  }, [now, id, navigate]);
  return <Answer of={person}>{(data) => <Shown person={data} />}</Answer>;
}

function Shown({ person }: { person: Person }) {
  const { t } = useTranslation();
  const [view] = useView(one);
  const parts = {
    heat: <Heat person={person} />,
    persona: <Persona id={person.id} />,
    timeline: <Timeline id={person.id} />,
    identity: <Identity person={person} />,
    traits: <Traits person={person} />,
    sorted: <OfProfile id={person.id} />,
    consent: <ConsentTable id={person.id} />,
  };
  return (
    <>
      <div className="title">
        <h1>{nameOf(person)}</h1>
        <Typography.Text copyable className="profiles-id">
          {person.id}
        </Typography.Text>
        <div className="actions">
          <PersonFile id={person.id} />
          <Erase id={person.id} />
        </div>
      </div>
      <Head person={person} />
      <TagsOf profile={person.id} />
      <Parts
        label={t("profiles.one")}
        now={view.tab}
        search={(tab) => written(one, { ...view, tab: oneOf(tab, TABS) })}
        parts={TABS.map((key) => ({
          key,
          label: key === "persona" ? t("portrait.persona") : t(`profiles.tabs.${key}`),
          content: parts[key],
        }))}
      />
    </>
  );
}

/** What a person is called: a name that is known of them, else what they are known by. */
function nameOf(person: Person): string {
  const name = traitOf(person.traits, "name");
  if (typeof name === "string" && name) return name;
  const first = person.identifiers[0];
  return first ? `${first.kind}:${first.value}` : person.id;
}

function Head({ person }: { person: Person }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { next_band: next, next_band_at: at } = person;
  return (
    <section className="panel profiles-head" aria-label={t("profiles.temperature")}>
      <div>
        <BandName band={person.band} />
        <div className="profiles-degrees">{format.degrees(person.temperature)}</div>
      </div>
      <div className="profiles-thermometer">
        <Thermometer degrees={person.temperature} band={person.band} />
        <p className="soft">
          {next && at ? (
            <>
              {t("profiles.next_band", { at: format.moment(at), away: format.away(at) })}{" "}
              <span className="band">
                <BandShape band={next} size={9} />
                {t(`shell.bands.${next}`)}
              </span>
            </>
          ) : (
            t("profiles.no_next_band")
          )}
        </p>
      </div>
      <dl className="facts">
        <dt>{t("profiles.events")}</dt>
        <dd>{format.count(person.events ?? 0)}</dd>
        <dt>{t("profiles.last_seen")}</dt>
        <dd>{person.last_seen ? format.moment(person.last_seen) : t("profiles.never")}</dd>
        <dt>{t("profiles.first_seen")}</dt>
        <dd>{person.first_seen ? format.moment(person.first_seen) : t("profiles.never")}</dd>
      </dl>
    </section>
  );
}
