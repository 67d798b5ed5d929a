import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Popconfirm } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useFormat } from "../shell/format";
import { Sheet } from "../shell/Sheet";
import { Answer, Failure } from "../shell/Told";
import { useAttempt } from "./attempt";
import { useConfig } from "./System";

type Plan = components["schemas"]["Plan"];
type Erasure = components["schemas"]["Erasure"];

const ERASURES = ["erasures"];
const RUNNING_MS = 2_000;

export function Privacy() {
  return (
    <>
      <div className="panels">
        <Erase />
        <Readmit />
        <Kept />
      </div>
      <Done />
    </>
  );
}

/** A person is taken out in two steps: see what would go, then agree. */
function Erase() {
  const { t } = useTranslation();
  const format = useFormat();
  const { attempt, busy, error } = useAttempt(ERASURES);
  const [key, setKey] = useState("");
  const [plan, setPlan] = useState<Plan>();
  const look = () =>
    attempt(async () => setPlan(await told(api.POST("/api/erasures/plan", { body: { key } }))));
  const agree = (confirm: string) =>
    attempt(async () => {
      await told(api.POST("/api/erasures", { body: { key, confirm } }));
      setPlan(undefined);
      setKey("");
    });
  const named = (many: Plan["identifiers"]) => many.map((one) => `${one.kind}:${one.value}`);
  return (
    <section className="panel" aria-labelledby="settings-erase">
      <h2 id="settings-erase">{t("settings.erase.title")}</h2>
      <p className="soft">{t("settings.erase.about")}</p>
      <Form layout="vertical" onFinish={look}>
        <Person
          id="erase-key"
          value={key}
          change={(value) => {
            setKey(value);
            setPlan(undefined);
          }}
        />
        {!plan && (
          <Button htmlType="submit" disabled={!key} loading={busy}>
            {t("settings.erase.look")}
          </Button>
        )}
      </Form>
      {error !== undefined && <Failure error={error} />}
      {plan && (
        <>
          <dl className="facts">
            <dt>{t("settings.erase.goes")}</dt>
            <dd>{named(plan.identifiers).join(", ")}</dd>
            <dt>{t("settings.erase.stays")}</dt>
            <dd>{named(plan.stays).join(", ") || t("settings.erase.nothing")}</dd>
            <dt>{t("settings.erase.events")}</dt>
            <dd>{format.count(plan.events)}</dd>
            <dt>{t("settings.erase.quarantined")}</dt>
            <dd>{format.count(plan.quarantined)}</dd>
          </dl>
          {plan.whole_pool && <Alert type="warning" showIcon title={t("settings.erase.whole")} />}
          <p className="soft">{t("settings.erase.until", { at: format.clock(plan.expires_at) })}</p>
          <div className="settings-actions">
            <Button onClick={() => setPlan(undefined)}>{t("settings.erase.leave")}</Button>
            <Popconfirm title={t("settings.erase.sure")} onConfirm={() => agree(plan.confirm)}>
              <Button danger type="primary" loading={busy}>
                {t("settings.erase.agree")}
              </Button>
            </Popconfirm>
          </div>
        </>
      )}
    </section>
  );
}

interface Named {
  id: string;
  value: string;
  change: (value: string) => void;
}

/** Whom this is about, by one of their identifiers. */
function Person({ id, value, change }: Named) {
  const { t } = useTranslation();
  return (
    <Form.Item label={t("settings.erase.who")} htmlFor={id}>
      <Input
        id={id}
        value={value}
        maxLength={600}
        placeholder="phone:13800138000"
        autoComplete="off"
        onChange={({ target }) => change(target.value.trim())}
      />
    </Form.Item>
  );
}

function Readmit() {
  const { t } = useTranslation();
  const { attempt, busy, error } = useAttempt(ERASURES);
  const [key, setKey] = useState("");
  const [done, setDone] = useState(false);
  const readmit = () =>
    attempt(async () => {
      await told(api.POST("/api/readmissions", { body: { key } }));
      setDone(true);
      setKey("");
    });
  return (
    <section className="panel" aria-labelledby="settings-readmit">
      <h2 id="settings-readmit">{t("settings.readmit.title")}</h2>
      <p className="soft">{t("settings.readmit.about")}</p>
      <Form layout="vertical">
        <Person
          id="readmit-key"
          value={key}
          change={(value) => {
            setKey(value);
            setDone(false);
          }}
        />
      </Form>
      {error !== undefined && <Failure error={error} />}
      {done && <Alert type="success" showIcon title={t("settings.readmit.done")} />}
      <Popconfirm title={t("settings.readmit.sure")} onConfirm={readmit} disabled={!key}>
        <Button disabled={!key} loading={busy}>
          {t("settings.readmit.do")}
        </Button>
      </Popconfirm>
    </section>
  );
}

/** For how long events stay, and what is advised. */
function Kept() {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="settings-kept">
      <h2 id="settings-kept">{t("settings.kept.title")}</h2>
      <Answer of={useConfig()}>
        {({ items }) => {
          const value = (name: string) => items.find((one) => one.name === name)?.value;
          const days = (value("retention_days") ?? {}) as Record<string, number>;
          const said = Object.entries(days);
          return (
            <>
              <dl className="facts">
                {said.map(([name, count]) => (
                  <div key={name} className="settings-fact">
                    <dt>{name}</dt>
                    <dd>{t("settings.kept.days", { days: count })}</dd>
                  </div>
                ))}
                <dt>{t("settings.kept.rejects")}</dt>
                <dd>{t("settings.kept.days", { days: String(value("rejects_days")) })}</dd>
              </dl>
              <p className="soft">
                {t(said.length ? "settings.kept.heat" : "settings.kept.forever")}
              </p>
              <p className="soft">{t("settings.kept.consent")}</p>
            </>
          );
        }}
      </Answer>
    </section>
  );
}

function Done() {
  const { t } = useTranslation();
  const format = useFormat();
  const erasures = useQuery({
    queryKey: ERASURES,
    queryFn: () => told(api.GET("/api/erasures")),
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => one.state === "running") ? RUNNING_MS : false,
  });
  return (
    <section className="panel" aria-labelledby="settings-erased">
      <h2 id="settings-erased">{t("settings.erased.title")}</h2>
      <Answer of={erasures}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{t("settings.erased.none")}</p>
          ) : (
            <Sheet<Erasure>
              label={t("settings.erased.title")}
              rowKey={({ id }) => String(id)}
              rows={items}
              columns={[
                {
                  title: t("settings.erased.kind"),
                  key: "kind",
                  head: true,
                  show: ({ kind }) => t(`settings.erased.kinds.${kind}`),
                },
                { title: t("settings.at"), key: "at", show: ({ at }) => format.moment(at) },
                { title: t("settings.by"), key: "by", show: ({ by }) => by },
                {
                  title: t("settings.erased.identifiers"),
                  key: "identifiers",
                  show: ({ identifiers }) => identifiers,
                },
                {
                  title: t("settings.members.state"),
                  key: "state",
                  show: ({ state }) => t(`settings.erased.states.${state}`),
                },
                {
                  title: t("settings.erased.done"),
                  key: "done_at",
                  show: ({ done_at: at }) => (at ? format.moment(at) : ""),
                },
              ]}
            />
          )
        }
      </Answer>
    </section>
  );
}
