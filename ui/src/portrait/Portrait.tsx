import { PrinterOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { Found as Existing } from "../named/Found";
import { useDistricts } from "../segments/asked";
import { useSegment } from "../segments/kept";
import { csv, ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { Empty } from "../shell/Told";
import { FEW, type Found, type Group, groupsOf, LEAST } from "./apart";
import { Figures } from "./Figures";
import { Hours } from "./Hours";
import { Pairs } from "./Pairs";
import { Striking } from "./Striking";
import "./portrait.css";
import "./group.css";
import "./print.css";

/** What the members of a segment are like, beside all other known profiles; made to be printed. */
export default function Portrait() {
  const { t } = useTranslation();
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const found = useQuery({
    queryKey: ["segments", "portrait", id],
    queryFn: () => told(api.GET("/api/segments/{id}/portrait", { params: { path: { id } } })),
    staleTime: 60_000,
  });
  return (
    <Existing of={found} absent={t("segments.absent")} all={["/segments", t("segments.back")]}>
      {(one) => <Shown one={one} />}
    </Existing>
  );
}

/** Names of what is told in codes: bands, provinces, stages, classes. */
function useNames(one: Found): (group: Group, value: string) => string {
  const { t } = useTranslation();
  const { data } = useDistricts(one.provinces.length > 0);
  return ({ key }, value) => {
    if (key === "bands") return t(`segments.states.${value}`);
    if (key === "provinces") return data?.names[value] ?? value;
    if (key === "stages") return t(`lifecycle.names.${value}`);
    if (key === "classes") return t(`rfm.names.${value}`);
    return value || t("portrait.unsaid");
  };
}

function useTitles(): (group: Group) => string {
  const { t } = useTranslation();
  return ({ key, name }) => name ?? t(`portrait.of.${key}`);
}

function Shown({ one }: { one: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const kept = useSegment(one.id).data;
  const sentence = kept?.kind === "static" ? t("segments.a_list") : kept?.sentence;
  return (
    <article className="portrait-page">
      <div className="title">
        <h1>{t("portrait.of_segment", { name: one.name })}</h1>
        {!one.small && <Actions one={one} />}
        <p className="portrait-way">
          <Link to={"/segments/$id" as never} params={{ id: one.id } as never}>
            {t("portrait.back")}
          </Link>
        </p>
        {sentence && <p className="segments-sentence">{sentence}</p>}
        <p>
          {t("portrait.sides", {
            members: format.count(one.members),
            rest: format.count(one.rest),
            at: format.moment(one.as_of),
            zone: one.timezone,
          })}
        </p>
      </div>
      {one.small ? (
        <div className="panel">
          <Empty
            title={t("portrait.small", { least: LEAST })}
            next={t("portrait.small_next", { least: LEAST })}
          />
        </div>
      ) : (
        <Panels one={one} />
      )}
    </article>
  );
}

function Actions({ one }: { one: Found }) {
  const { t } = useTranslation();
  const [named, titled] = [useNames(one), useTitles()];
  const file = {
    label: "CSV",
    name: `${t("portrait.of_segment", { name: one.name })}.csv`,
    from: () =>
      csv(
        [t("portrait.what"), t("portrait.value"), t("portrait.members"), t("portrait.rest")],
        groupsOf(one).flatMap((group) =>
          group.values.map((row) => [
            titled(group),
            named(group, row.value),
            row.members,
            row.rest,
          ]),
        ),
      ),
  };
  return (
    <div className="actions">
      <ExportButton files={[file]} />
      <Button type="primary" icon={<PrinterOutlined />} onClick={() => print()}>
        {t("portrait.print")}
      </Button>
    </div>
  );
}

function Panels({ one }: { one: Found }) {
  const { t } = useTranslation();
  const [named, titled] = [useNames(one), useTitles()];
  const both = one.rest >= LEAST;
  const groups = groupsOf(one);
  const lacking = (group: Group) => {
    if (group.key === "provinces") return one.unplaced;
    return one.traits.find(({ name }) => name === group.name)?.unsaid;
  };
  const lists = (...keys: string[]) =>
    groups
      .filter(({ key, values }) => keys.includes(key) && values.length > 0)
      .map((group) => (
        <section className="panel" key={`${group.key} ${group.name}`} aria-label={titled(group)}>
          <h2>{titled(group)}</h2>
          <Pairs
            label={titled(group)}
            values={group.values}
            named={(value) => named(group, value)}
            unsaid={lacking(group)}
            both={both}
          />
        </section>
      ));
  return (
    <>
      {!both && (
        <Alert
          className="portrait-note"
          type="info"
          showIcon
          title={t("portrait.no_rest", { least: LEAST })}
        />
      )}
      {both && Math.min(one.members, one.rest) < FEW && (
        <Alert
          className="portrait-note"
          type="warning"
          showIcon
          title={t("portrait.few", { few: FEW })}
        />
      )}
      {both && <Striking one={one} named={named} titled={titled} />}
      <Key both={both} />
      <Figures one={one} both={both} />
      <div className="panels">{lists("bands", "provinces", "stages", "classes", "trait")}</div>
      <Doings one={one} both={both} />
      <div className="panels">{lists("channels", "devices", "category", "brand", "product")}</div>
    </>
  );
}

/** Which bar is whose. */
function Key({ both }: { both: boolean }) {
  const { t } = useTranslation();
  return (
    <p className="portrait-key">
      <span className="portrait-key-members">{t("portrait.members")}</span>
      {both && <span className="portrait-key-rest">{t("portrait.rest")}</span>}
      <span className="soft">{t(both ? "portrait.key" : "portrait.key_members")}</span>
    </p>
  );
}

/** When they do something; the shares of events below are of the same events. */
function Doings({ one, both }: { one: Found; both: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { hours, looked, events } = one;
  if (!hours || !looked || !events) return null;
  const sides = both ? (["members", "rest"] as const) : (["members"] as const);
  return (
    <>
      <h2 className="portrait-part">{t("portrait.doings")}</h2>
      <p className="soft">
        {t(both ? "portrait.looked" : "portrait.looked_members", {
          events: format.count(events.members),
          members: format.count(looked.members),
          others: format.count(events.rest),
          rest: format.count(looked.rest),
        })}
      </p>
      <div className="panels">
        {sides.map((side) => (
          <section className="panel" key={side} aria-label={t(`portrait.hours_of.${side}`)}>
            <h2>{t(`portrait.hours_of.${side}`)}</h2>
            {events[side] > 0 ? (
              <Hours hours={hours[side]} tell={(share) => format.percent(share)} />
            ) : (
              <p className="soft">{t("portrait.no_events")}</p>
            )}
          </section>
        ))}
      </div>
    </>
  );
}
