import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { Sheet } from "../shell/Sheet";
import { Answer, Empty } from "../shell/Told";
import { useSorted } from "./asked";
import { plain, signed } from "./plain";
import "./sorting.css";

/** The scores, tiers and groups of one profile, and where they come from. */
export function OfProfile({ id }: { id: string }) {
  const { t } = useTranslation();
  const found = useSorted(id);
  return (
    <Answer of={found}>
      {(all) =>
        all.scores.length + all.tiers.length + all.groups.items.length === 0 ? (
          <section className="panel">
            <Empty title={t("sorting.nothing")} next={t("sorting.nothing_next")} />
          </section>
        ) : (
          <>
            {all.scores.length > 0 && <ItsScores scores={all.scores} />}
            {all.tiers.length > 0 && <ItsTiers tiers={all.tiers} />}
            {all.groups.items.length > 0 && <ItsGroups groups={all.groups} />}
          </>
        )
      }
    </Answer>
  );
}

type Sorted = NonNullable<ReturnType<typeof useSorted>["data"]>;

function ItsScores({ scores }: { scores: Sorted["scores"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="panel" aria-labelledby="sorting-its-scores">
      <h2 id="sorting-its-scores">{t("sorting.scores")}</h2>
      <div className="panels">
        {scores.map((one) => (
          <div key={one.id}>
            <h3>
              <Link to={"/scores" as never} search={{ id: one.id } as never}>
                {one.name}
              </Link>{" "}
              <span className="figure">
                {one.points === null ? "\u2013" : plain(format, one.points)}
              </span>
            </h3>
            <dl className="facts">
              {one.lines.map((line, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own.
                <Fragment key={at}>
                  <dt>{line.title}</dt>
                  <dd>{signed(format, line.points)}</dd>
                </Fragment>
              ))}
              {one.limited !== 0 && (
                <>
                  <dt>{t("sorting.limited")}</dt>
                  <dd>{signed(format, one.limited)}</dd>
                </>
              )}
            </dl>
          </div>
        ))}
      </div>
    </section>
  );
}

function ItsTiers({ tiers }: { tiers: Sorted["tiers"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const missing = ({ next }: Sorted["tiers"][number]) => {
    if (!next) return t("sorting.highest");
    const open = next.conditions.filter(({ met }) => !met).map(({ sentence }) => sentence);
    if (next.missing === null) {
      return t("sorting.conditions", { tier: next.tier, what: open.join(t("named.comma")) });
    }
    return t("sorting.missing", { tier: next.tier, number: plain(format, next.missing ?? 0) });
  };
  return (
    <section className="panel" aria-labelledby="sorting-its-tiers">
      <h2 id="sorting-its-tiers">{t("sorting.tiers")}</h2>
      <Sheet
        label={t("sorting.tiers")}
        rows={tiers}
        rowKey={({ id }) => id}
        columns={[
          {
            key: "name",
            title: t("sorting.name"),
            head: true,
            show: (one) => (
              <Link to={"/tiers" as never} search={{ id: one.id } as never}>
                {one.name}
              </Link>
            ),
          },
          {
            key: "tier",
            title: t("sorting.tier"),
            show: (one) =>
              one.tier === one.by_numbers
                ? (one.tier ?? "\u2013")
                : t("sorting.kept_by_grace", { tier: one.tier, below: one.by_numbers }),
          },
          {
            key: "value",
            title: t("sorting.number"),
            number: true,
            show: (one) => (one.value === null ? "\u2013" : plain(format, one.value)),
          },
          { key: "next", title: t("sorting.next"), show: missing },
        ]}
      />
    </section>
  );
}

function ItsGroups({ groups }: { groups: Sorted["groups"] }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="sorting-its-groups">
      <h2 id="sorting-its-groups">{t("sorting.groups")}</h2>
      <ul>
        {groups.items.map((one) => (
          <li key={one.id}>
            <Link to={"/groups" as never} search={{ id: one.id } as never}>
              {one.name}
            </Link>{" "}
            {one.id === groups.claimed_by && <b>{t("sorting.claims_it")}</b>}
          </li>
        ))}
      </ul>
    </section>
  );
}
