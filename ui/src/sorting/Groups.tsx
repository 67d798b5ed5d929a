import { PlusOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, InputNumber } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useVocabulary } from "../segments/asked";
import { Choice, Choices } from "../segments/Fields";
import type { Vocabulary } from "../segments/leaves";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { Sheet } from "../shell/Sheet";
import { Answer, Empty } from "../shell/Told";
import { type Group, type Rule, useClaims, useKept } from "./asked";
import { blankRule, RuleField } from "./Fields";
import { Actions, Naming } from "./Kept";
import { groups as page } from "./page";
import { plain } from "./plain";
import "./sorting.css";

/** Every group: who is in it, and whom it claims. */
export default function Groups() {
  const { t } = useTranslation();
  const found = useKept("groups");
  const there = useVocabulary();
  const [view, setView] = useView(page);
  const [editing, edit] = useState<Group | "new">();
  const close = (saved?: Group) => {
    edit(undefined);
    if (saved) setView({ id: saved.id });
  };
  return (
    <>
      <div className="title">
        <h1>{t("sorting.groups")}</h1>
        <div className="actions">
          <Button type="primary" icon={<PlusOutlined />} onClick={() => edit("new")}>
            {t("sorting.new_group")}
          </Button>
        </div>
        <p>{t("sorting.groups_about")}</p>
      </div>
      <Answer of={there}>
        {(vocabulary) =>
          editing && (
            <Editor
              key={editing === "new" ? "" : editing.id}
              kept={editing === "new" ? undefined : editing}
              there={vocabulary}
              done={close}
            />
          )
        }
      </Answer>
      <Answer of={found}>
        {({ items }) => {
          const one = items.find(({ id }) => id === view.id) ?? items[0];
          if (!one) {
            return (
              <section className="panel">
                <Empty title={t("sorting.no_groups")} next={t("sorting.no_groups_next")} />
              </section>
            );
          }
          return (
            <>
              <Claimed />
              <section className="panel" aria-labelledby="sorting-group">
                <h2 id="sorting-group">{one.name}</h2>
                {one.description && <p className="soft">{one.description}</p>}
                <p>{one.sentence}</p>
                <Actions
                  kind="groups"
                  one={one}
                  edit={() => edit(one)}
                  gone={() => setView({ id: "" }, { replace: true })}
                />
              </section>
            </>
          );
        }}
      </Answer>
    </>
  );
}

/** Who has the first claim, the heaviest on top. */
function Claimed() {
  const { t } = useTranslation();
  const format = useFormat();
  const claims = useClaims();
  return (
    <section className="panel" aria-label={t("sorting.claims")}>
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
    </section>
  );
}

function Editor({
  kept,
  there,
  done,
}: {
  kept?: Group;
  there: Vocabulary;
  done: (saved?: Group) => void;
}) {
  const { t } = useTranslation();
  const [scheme, setScheme] = useState(kept?.scheme ?? "");
  const [tiers, setTiers] = useState<string[]>(kept?.tiers ?? []);
  const [weight, weigh] = useState(kept?.weight ?? 1);
  const [rule, setRule] = useState<Rule>(
    () => (kept?.rule as Rule | null | undefined) ?? blankRule("did", there),
  );
  const schemes = Object.entries(there.schemes ?? {}).map(([value, { name }]) => ({
    value,
    label: name,
  }));
  const under = scheme !== "";
  const said = { rule, scheme, tiers: under ? tiers : [], weight };
  return (
    <Naming
      kind="groups"
      kept={kept}
      said={said as never}
      blocked={under && tiers.length === 0}
      done={done}
    >
      <div className="sorting-fields">
        <RuleField of={t("sorting.rule")} value={rule} there={there} change={setRule} />
      </div>
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
