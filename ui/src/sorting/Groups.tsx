import { Link } from "@tanstack/react-router";
import { InputNumber, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Members } from "../named/Members";
import { Naming } from "../named/Naming";
import { Choice, Choices } from "../segments/Fields";
import { finished, RuleField, ruleOf, treeOf } from "../segments/RuleField";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { Sheet } from "../shell/Sheet";
import { Answer } from "../shell/Told";
import { type Group, useClaims, useGroupMembers } from "./asked";
import { Desk, type Editing, One } from "./Desk";
import { blankRule } from "./Fields";
import { groups as page, WHO } from "./page";
import { plain } from "./plain";

/** Every group: whom it claims, and who is in it. */
export default function Groups() {
  const { t } = useTranslation();
  const words = {
    about: t("sorting.groups_about"),
    make: t("sorting.new_group"),
    none: t("sorting.no_groups"),
    next: t("sorting.no_groups_next"),
  };
  return (
    <Desk kind="groups" page={page} words={words} Editor={Editor} listed={() => <Claimed />}>
      {(one, actions) => (
        <>
          <One one={one} actions={actions}>
            <p>{one.sentence}</p>
          </One>
          <InGroup one={one} />
        </>
      )}
    </Desk>
  );
}

/** Who is in a group, or whom it claims. */
function InGroup({ one }: { one: Group }) {
  const { t } = useTranslation();
  const [view, setView] = useView(page);
  const claimed = view.who === "claimed";
  const found = useGroupMembers(one, claimed);
  return (
    <Members
      title={t("sorting.in_group")}
      among={`group:${one.id}`}
      found={found}
      name={one.name}
      from={`/api/groups/${encodeURIComponent(one.id)}/export`}
      query={{ claimed: String(claimed) }}
      next={t("sorting.nobody_next")}
    >
      <Segmented
        aria-label={t("sorting.in_group")}
        value={view.who}
        options={WHO.map((value) => ({ value, label: t(`sorting.who.${value}`) }))}
        onChange={(who) => setView({ who }, { still: true })}
      />
    </Members>
  );
}

/** Who has the first claim, the heaviest on top. */
function Claimed() {
  const { t } = useTranslation();
  const format = useFormat();
  const claims = useClaims();
  return (
    <Answer of={claims}>
      {(found) => (
        <>
          <Sheet
            label={t("sorting.claims")}
            rows={found.items}
            rowKey={({ id }) => id}
            columns={[
              {
                key: "name",
                title: t("sorting.name"),
                head: true,
                show: (one) => (
                  <Link to={"/groups" as never} search={{ id: one.id } as never}>
                    {one.name}
                  </Link>
                ),
              },
              {
                key: "weight",
                title: t("sorting.weight"),
                number: true,
                show: (one) => plain(format, one.weight),
              },
              {
                key: "profiles",
                title: t("sorting.profiles"),
                number: true,
                show: (one) => format.count(one.profiles),
              },
              {
                key: "claimed",
                title: t("sorting.claimed"),
                number: true,
                show: (one) => format.count(one.claimed),
              },
            ]}
          />
          <p className="soft">
            {t("sorting.claims_sum", {
              claimed: format.count(found.claimed),
              profiles: format.count(found.profiles),
              several: format.count(found.several),
            })}
          </p>
        </>
      )}
    </Answer>
  );
}

function Editor({ kept, there, done }: Editing<"groups">) {
  const { t } = useTranslation();
  const [scheme, setScheme] = useState(kept?.scheme ?? "");
  const [tiers, setTiers] = useState<string[]>(kept?.tiers ?? []);
  const [weight, weigh] = useState(kept?.weight ?? 1);
  const [rule, setRule] = useState(() => (kept?.rule ? ruleOf(kept.rule) : blankRule(there)));
  const schemes = Object.entries(there.schemes ?? {}).map(([value, { name }]) => ({
    value,
    label: name,
  }));
  const under = scheme !== "";
  return (
    <Naming
      kind="groups"
      kept={kept}
      said={{ rule: treeOf(rule), scheme, tiers: under ? tiers : [], weight }}
      blocked={!finished(rule) || (under && tiers.length === 0)}
      done={done}
      cancel={done}
    >
      <RuleField rule={rule} there={there} change={setRule} />
      <div className="sorting-fields">
        <Choice
          label={t("sorting.under")}
          value={scheme || "-"}
          options={[{ value: "-", label: t("sorting.across") }, ...schemes]}
          change={(id) => {
            setScheme(id === "-" ? "" : id);
            setTiers([]);
          }}
          width={160}
        />
        {under && (
          <Choices
            label={t("sorting.tiers")}
            values={tiers}
            options={(there.schemes?.[scheme]?.tiers ?? []).map((value) => ({
              value,
              label: value,
            }))}
            change={setTiers}
          />
        )}
        <InputNumber
          aria-label={t("sorting.weight")}
          prefix={t("sorting.weight")}
          value={weight}
          onChange={(next) => weigh(next ?? 0)}
          style={{ width: 130 }}
        />
      </div>
    </Naming>
  );
}
