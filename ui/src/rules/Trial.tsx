import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { Sheet } from "../shell/Sheet";
import { Temperature } from "../shell/Temperature";
import { Answer, Empty } from "../shell/Told";
import type { Draft } from "./draft";
import page from "./page";
import { RULES, type RuleSet, titleOf, type Version } from "./ruleset";
import { type Part, sideBySide } from "./trial";

type Tried = components["schemas"]["Trial"];

interface Shown {
  now: Version;
  draft: Draft;
  may: boolean;
}

/** One profile by the rules in force and by the draft: how warm, and which rule brings what. */
export function Trial({ now, draft, may }: Shown) {
  const { t } = useTranslation();
  const [{ who }, setView] = useView(page);
  const [asked, setAsked] = useState(who);
  if (!may) return <Alert type="info" showIcon title={t("rules.trial.role")} />;
  return (
    <section className="panel" aria-labelledby="rules-trial">
      <h2 id="rules-trial">{t("rules.parts.trial")}</h2>
      <p className="soft">
        {draft.changed
          ? t("rules.trial.with_draft", { version: now.version })
          : t("rules.trial.without_draft", { version: now.version })}
      </p>
      <Form layout="vertical" onFinish={() => setView({ who: asked.trim() })}>
        <Form.Item
          label={t("rules.trial.who")}
          htmlFor="rules-who"
          extra={t("rules.trial.who_help")}
        >
          <div className="rules-who">
            <Input
              id="rules-who"
              value={asked}
              maxLength={600}
              onChange={({ target }) => setAsked(target.value)}
            />
            <Button type="primary" htmlType="submit" disabled={!asked.trim()}>
              {t("rules.trial.start")}
            </Button>
          </div>
        </Form.Item>
      </Form>
      {who && <Found who={who} now={now} rules={draft.changed ? draft.rules : undefined} />}
    </section>
  );
}

function Found({ who, now, rules }: { who: string; now: Version; rules?: RuleSet }) {
  const trial = useQuery({
    queryKey: [...RULES, "trial", who, now.version, rules],
    queryFn: () => {
      const wanted = rules ? { rules: rules as never } : { version: now.version };
      return told(api.POST("/api/temperature/rules/test", { body: { profile: who, ...wanted } }));
    },
    // What is asked is on record; it is not asked again by itself.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return <Answer of={trial}>{(data) => <Told trial={data} tried={rules !== undefined} />}</Answer>;
}

function Told({ trial, tried }: { trial: Tried; tried: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const parts = sideBySide(trial.live.contributions, trial.tried.contributions);
  const change = trial.tried.temperature - trial.live.temperature;
  return (
    <>
      <dl className="rules-readings">
        <div>
          <dt>{t("rules.trial.live")}</dt>
          <dd>
            <Temperature value={trial.live.temperature} />
          </dd>
        </div>
        {tried && (
          <div>
            <dt>{t("rules.trial.tried")}</dt>
            <dd>
              <Temperature value={trial.tried.temperature} />{" "}
              <span className="soft">{format.change(change)}</span>
            </dd>
          </div>
        )}
      </dl>
      <p className="soft">
        {t("rules.trial.as_of", {
          at: format.moment(trial.as_of),
          shown: format.count(trial.events),
        })}{" "}
        <Link to={"/profiles/$id" as never} params={{ id: trial.profile } as never}>
          {t("rules.trial.open")}
        </Link>
      </p>
      {parts.length === 0 ? (
        <Empty title={t("rules.trial.no_heat")} next={t("rules.trial.no_heat_next")} />
      ) : (
        <Parts parts={parts} tried={tried} />
      )}
    </>
  );
}

function Parts({ parts, tried }: { parts: Part[]; tried: boolean }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const heat = (value: number) => (value === 0 ? "–" : format.number(value));
  const both = {
    key: "tried",
    title: t("rules.trial.tried_points"),
    number: true,
    show: (part: Part) => (part.live === part.tried ? heat(part.tried) : <b>{heat(part.tried)}</b>),
  };
  const columns = [
    {
      key: "rule",
      head: true,
      title: t("rules.parts.rules"),
      show: (part: Part) => titleOf(part.title, i18n.language) || part.rule,
    },
    {
      key: "live",
      title: t("rules.trial.live_points"),
      number: true,
      show: ({ live }: Part) => heat(live),
    },
    ...(tried ? [both] : []),
    {
      key: "events",
      title: t("rules.trial.events"),
      number: true,
      show: ({ events }: Part) => format.count(events),
    },
    { key: "last", title: t("rules.trial.last"), show: (part: Part) => format.moment(part.lastAt) },
  ];
  return (
    <Sheet<Part>
      label={t("rules.trial.parts")}
      rows={parts}
      rowKey={({ rule }) => rule}
      columns={columns}
    />
  );
}
