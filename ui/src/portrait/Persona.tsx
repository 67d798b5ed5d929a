import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useFormat } from "../shell/format";
import { Answer, Empty } from "../shell/Told";
import { Hours } from "./Hours";
import "./portrait.css";

type Found = components["schemas"]["Persona"];
type Habit = components["schemas"]["Habit"];

/** What one person is like: worth, stage, channels, content and hours. */
export function Persona({ id }: { id: string }) {
  const found = useQuery({
    queryKey: ["profile", id, "persona"],
    queryFn: () => told(api.GET("/api/profiles/{key}/persona", { params: { path: { key: id } } })),
    staleTime: 30_000,
  });
  return <Answer of={found}>{(one) => <Shown one={one} />}</Answer>;
}

function Shown({ one }: { one: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (one.events === 0) {
    return (
      <section className="panel">
        <Empty title={t("portrait.nothing")} next={t("portrait.nothing_next")} />
      </section>
    );
  }
  return (
    <>
      <div className="panels">
        <Worth rfm={one.rfm} />
        <Stage stage={one.lifecycle} />
      </div>
      <section className="panel" aria-labelledby="persona-hours">
        <h2 id="persona-hours">{t("portrait.hours")}</h2>
        <Hours
          hours={one.hours}
          tell={(value) => t("portrait.events", { events: format.count(value) })}
        />
      </section>
      <div className="panels">
        <Habits title={t("portrait.channels")} habits={one.channels} />
        <Habits title={t("portrait.devices")} habits={one.devices} />
        {one.content.map(({ kind, values }) => (
          <Habits key={kind} title={t(`portrait.content.${kind}`)} habits={values} />
        ))}
      </div>
      {one.content.length === 0 && <p className="soft">{t("portrait.no_content")}</p>}
    </>
  );
}

function Worth({ rfm }: { rfm: Found["rfm"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const own = rfm.customer;
  return (
    <section className="panel" aria-labelledby="persona-worth">
      <h2 id="persona-worth">{t("portrait.worth")}</h2>
      {own ? (
        <>
          <p>
            <Link to={"/rfm" as never} search={{ pick: own.class } as never}>
              <b data-class={own.class}>{t(`rfm.names.${own.class}`)}</b>
            </Link>{" "}
            <span className="soft">R{own.cell.replace("-", " F")}</span>
          </p>
          <dl className="facts">
            <dt>{t("portrait.last_order")}</dt>
            <dd>
              {t("portrait.within", { count: own.days })} · {format.day(own.last_order)}
            </dd>
            <dt>{t("portrait.orders")}</dt>
            <dd>{t("portrait.of_orders", { orders: format.count(own.orders) })}</dd>
            <dt>{t("portrait.amount")}</dt>
            <dd>{`${format.number(own.amount)} ${rfm.currency}`.trim()}</dd>
          </dl>
          <p className="soft">{t("portrait.worth_about")}</p>
        </>
      ) : (
        <Empty title={t("portrait.no_orders")} next={t("portrait.no_orders_next")} />
      )}
    </section>
  );
}

function Stage({ stage }: { stage: Found["lifecycle"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const days = (count: number | null, digits = 0) =>
    count === null
      ? "\u2013"
      : t("portrait.some_days", { count, told: format.number(count, digits) });
  return (
    <section className="panel" aria-labelledby="persona-stage">
      <h2 id="persona-stage">{t("lifecycle.title")}</h2>
      <p>
        <Link to={"/lifecycle" as never}>
          <b data-stage={stage.stage ?? "none"}>{t(`lifecycle.names.${stage.stage ?? "none"}`)}</b>
        </Link>{" "}
        <span className="soft">
          {stage.stage && t(`lifecycle.about.${stage.stage}`, { ...stage.pace })}
        </span>
      </p>
      <dl className="facts">
        <dt>{t("portrait.silent")}</dt>
        <dd>{days(stage.days_silent)}</dd>
        <dt>{t("portrait.active_days")}</dt>
        <dd>{days(stage.active_days)}</dd>
        <dt>{t("portrait.usual_gap")}</dt>
        <dd>{days(stage.usual_gap, 1)}</dd>
      </dl>
      <p className="soft">{t(`portrait.stage_about.${stage.by}`)}</p>
    </section>
  );
}

/** The commonest values, with their share as a bar. */
function Habits({ title, habits }: { title: string; habits: Habit[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      <ul className="portrait-habits">
        {habits.map((one) => (
          <li key={one.value}>
            <span className="portrait-value">{one.value || t("portrait.unsaid")}</span>
            <span className="portrait-share" aria-hidden>
              <span style={{ width: `${(one.share * 100).toFixed(1)}%` }} />
            </span>
            <span className="number">
              {format.percent(one.share)}{" "}
              <span className="soft">
                {t("portrait.events", { events: format.count(one.events) })}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
