import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { csv, ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { GROUP_COLOURS } from "../shell/theme";
import type { Clustering, Found, Group } from "./asked";

/** How plain the groups are, how they share the profiles, and what sets each apart. */
export function Groups({ one, found }: { one: Clustering; found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const colour = useColour();
  const file = {
    label: "CSV",
    name: `${one.name}.csv`,
    from: () =>
      csv(
        [
          "group",
          "profiles",
          "share",
          "temperature",
          "trait",
          "value",
          "members",
          "rest",
          "effect",
        ].map(String),
        found.groups.flatMap((group) =>
          (group.facts.length > 0 ? group.facts : [undefined]).map((fact) => [
            group.name,
            group.profiles,
            group.share,
            group.temperature,
            fact?.label ?? null,
            fact?.value ?? null,
            fact?.members ?? null,
            fact?.rest ?? null,
            fact?.effect ?? null,
          ]),
        ),
      ),
  };
  return (
    <>
      <Quality found={found} />
      <div className="clusters-shares" aria-hidden="true">
        {found.groups.map((group) => (
          <span
            key={group.id}
            style={{ flexGrow: Math.max(group.profiles, 1), background: colour(group) }}
          />
        ))}
      </div>
      <div className="clusters-tools">
        <p className="soft">
          {t("clusters.as_of", {
            at: format.moment(found.as_of),
            profiles: format.count(found.profiles),
          })}
        </p>
        <ExportButton files={[file]} />
      </div>
      <ul className="clusters-groups" aria-label={t("clusters.groups")}>
        {found.groups.map((group) => (
          <Card key={group.id} one={one} group={group} colour={colour(group)} />
        ))}
      </ul>
    </>
  );
}

function useColour() {
  const { shade } = useLook();
  const colours = GROUP_COLOURS[shade];
  return (group: Group) => colours[group.colour % colours.length] ?? "";
}

function Quality({ found }: { found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const unused = found.read.filter((one) => one.unused);
  return (
    <div className="clusters-quality">
      <p>
        <b>{t(`clusters.clear.${found.clear}`)}</b>{" "}
        <span className="soft">
          {t("clusters.silhouette", {
            value: format.number(found.silhouette),
            shuffled: format.number(found.shuffled),
          })}{" "}
          {found.sample < found.profiles &&
            t("clusters.sample", { sample: format.count(found.sample) })}
        </span>
      </p>
      {found.moved && (
        <p>
          {t("clusters.moved", {
            moved: format.count(found.moved.profiles),
            compared: format.count(found.moved.compared),
          })}{" "}
          {found.moved.gone.length > 0 &&
            t("clusters.gone", { names: found.moved.gone.join(t("clusters.comma")) })}
        </p>
      )}
      {unused.map((one) => (
        <p className="soft" key={one.label}>
          {t(`clusters.unused.${one.unused ?? "same"}`, { label: one.label })}
        </p>
      ))}
    </div>
  );
}

/** One group: how many, how warm, and what sets it apart, the greatest effect first. */
function Card({ one, group, colour }: { one: Clustering; group: Group; colour: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rule = one.tag && JSON.stringify({ tag: { id: one.tag, any_of: [group.name] } });
  const most = Math.max(...group.facts.map((fact) => Math.abs(fact.effect)), 1);
  return (
    <li>
      <h3>
        <i style={{ background: colour }} aria-hidden="true" />
        {group.name}
      </h3>
      <p className="soft">
        {t("clusters.sized", {
          profiles: format.count(group.profiles),
          share: format.percent(group.share),
        })}
        {group.temperature !== null &&
          t("clusters.warm", { degrees: format.degrees(group.temperature) })}
      </p>
      {group.facts.length > 0 ? (
        <ul className="clusters-facts" aria-label={t("clusters.apart")}>
          {group.facts.map((fact) => (
            <li key={`${fact.label} ${fact.value}`}>
              {fact.sentence}
              <span
                aria-hidden="true"
                style={{ width: `${(Math.abs(fact.effect) / most) * 100}%`, background: colour }}
              />
            </li>
          ))}
        </ul>
      ) : (
        <p className="soft">{t("clusters.plain")}</p>
      )}
      {rule && (
        <Link to={"/segments/build" as never} search={{ rule } as never}>
          {t("clusters.segment")}
        </Link>
      )}
    </li>
  );
}
