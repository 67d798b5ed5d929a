import { BulbOutlined, ReloadOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, InputNumber } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Said } from "../refusals/Said";
import { useVocabulary } from "../segments/asked";
import { Choice } from "../segments/Fields";
import type { Vocabulary } from "../segments/leaves";
import { ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { Job } from "../shell/Job";
import { useView } from "../shell/page";
import { Sheet } from "../shell/Sheet";
import { useMay } from "../shell/session";
import { Temperature } from "../shell/Temperature";
import { Answer, Empty, Failure } from "../shell/Told";
import { plain, signed } from "../sorting/plain";
import {
  type Page,
  type Person,
  type Run,
  useLatest,
  useLearn,
  useRanked,
  useRun,
  useStop,
} from "./asked";
import page from "./page";
import "./potential.css";

/** Who never did something, the likeliest first, with reasons. */
export default function Potential() {
  const { t } = useTranslation();
  const there = useVocabulary();
  return (
    <>
      <div className="title">
        <h1>{t("potential.title")}</h1>
        <p>{t("potential.about")}</p>
      </div>
      <Answer of={there}>{(vocabulary) => <Asked there={vocabulary} />}</Answer>
    </>
  );
}

function Asked({ there }: { there: Vocabulary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [view, setView] = useView(page);
  const [days, setDays] = useState(30);
  const [chosen, setId] = useState<string>();
  const latest = useLatest();
  const id = chosen ?? latest.data?.id;
  const learn = useLearn();
  const stop = useStop();
  const run = useRun(id, ({ score }) => score && setView({ score }));
  const events = Object.keys(there.events).map((value) => ({ value, label: value }));
  const scores = Object.entries(there.scores ?? {}).map(([value, label]) => ({ value, label }));
  const begin = (goal: string, horizon_days: number) =>
    learn.mutate({ goal, horizon_days }, { onSuccess: (begun) => setId(begun.id) });
  return (
    <>
      <section className="panel potential-fields">
        <Choice
          label={t("potential.goal")}
          value={view.goal}
          options={events}
          change={(goal) => setView({ goal })}
          width={220}
        />
        <Choice
          label={t("potential.score")}
          value={view.score}
          options={scores}
          change={(score) => setView({ score })}
          width={220}
        />
        <Button
          icon={<BulbOutlined />}
          disabled={view.goal === ""}
          loading={learn.isPending}
          onClick={() => begin(view.goal, days)}
        >
          {t("potential.learn")}
        </Button>
        <InputNumber
          aria-label={t("potential.days")}
          value={days}
          min={1}
          max={3_650}
          precision={0}
          suffix={t("potential.days")}
          onChange={(next) => setDays(next ?? 30)}
          style={{ width: 200 }}
        />
      </section>
      {learn.error && <Failure error={learn.error} />}
      {run.data && (
        <>
          {run.data.state === "failed" ? (
            <section className="panel" role="status">
              <p>
                <Said text={run.data.error} />
              </p>
              <Button
                icon={<ReloadOutlined />}
                loading={learn.isPending}
                onClick={() => begin(run.data.goal, run.data.horizon_days)}
              >
                {t("potential.again", {
                  goal: run.data.goal,
                  days: format.count(run.data.horizon_days),
                })}
              </Button>
            </section>
          ) : (
            <Job
              work={run.data}
              label={t("potential.learning")}
              stop={() => stop.mutate(run.data.id)}
            />
          )}
          <Tested run={run.data} />
        </>
      )}
      {view.goal && view.score ? (
        <Ranked goal={view.goal} score={view.score} />
      ) : (
        <section className="panel">
          <Empty title={t("potential.choose")} next={t("potential.choose_next")} />
        </section>
      )}
    </>
  );
}

function Tested({ run }: { run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (run.state !== "done" || run.auc === null) return null;
  return (
    <p role="status">
      {t("potential.tested", {
        at: format.day(run.cut),
        tested: format.count(run.tested ?? 0),
        reached: format.count(run.reached ?? 0),
        auc: format.number(run.auc),
        error: format.number(run.auc_error ?? 0),
        lift: run.lift,
      })}
    </p>
  );
}

function Ranked({ goal, score }: { goal: string; score: string }) {
  const { t } = useTranslation();
  const found = useRanked(goal, score);
  return (
    <section className="panel" aria-label={t("potential.list")}>
      <Answer of={found}>
        {({ pages }) => {
          const first = pages[0];
          if (!first || first.candidates === 0) {
            return <Empty title={t("potential.nobody")} next={t("potential.nobody_next")} />;
          }
          return (
            <>
              <Head first={first} />
              <People items={pages.flatMap(({ items }) => items)} />
              {found.hasNextPage && (
                <Button
                  loading={found.isFetchingNextPage}
                  onClick={() => void found.fetchNextPage()}
                >
                  {t("potential.more")}
                </Button>
              )}
            </>
          );
        }}
      </Answer>
    </section>
  );
}

/** How many there are, and a segment of the first of them in one click. */
function Head({ first }: { first: Page }) {
  const { t } = useTranslation();
  const format = useFormat();
  const exports = useMay("analyst");
  const { goal, score } = first;
  const never = { behaviour: { event: goal, op: "eq", value: 0 } };
  const rule = (value: number) =>
    JSON.stringify({ and: [never, { score: { id: score, op: "ge", value } }] });
  const from = (form: string) =>
    `/api/export/potential?${new URLSearchParams({ goal, score, format: form })}`;
  const files = [
    { label: "CSV", from: from("csv"), name: `${goal}.csv` },
    { label: "JSON Lines", from: from("jsonl"), name: `${goal}.jsonl` },
  ];
  return (
    <>
      <div className="potential-head">
        <p className="soft">
          {t("potential.candidates", {
            count: format.count(first.candidates) as never,
            goal,
            at: format.moment(first.as_of),
          })}
        </p>
        {exports && <ExportButton files={files} />}
      </div>
      <ul className="potential-cuts">
        {first.cuts.map((cut) => (
          <li key={cut.share}>
            {t("potential.top", {
              share: format.percent(cut.share),
              profiles: format.count(cut.profiles),
              points: plain(format, cut.points),
            })}{" "}
            <Link to={"/segments/build" as never} search={{ rule: rule(cut.points) } as never}>
              {t("potential.segment")}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function People({ items }: { items: Person[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Sheet
      label={t("potential.list")}
      rows={items}
      rowKey={({ id }) => id}
      columns={[
        {
          key: "person",
          title: t("potential.person"),
          head: true,
          show: (one) => (
            <Link to={"/profiles/$id" as never} params={{ id: one.id } as never}>
              {one.id}
            </Link>
          ),
        },
        {
          key: "points",
          title: t("potential.points"),
          number: true,
          show: (one) => plain(format, one.points),
        },
        {
          key: "temperature",
          title: t("potential.temperature"),
          number: true,
          show: (one) => <Temperature value={one.temperature} band={one.band} />,
        },
        {
          key: "reasons",
          title: t("potential.reasons"),
          show: (one) => (
            <ul className="potential-reasons">
              {one.reasons.map(({ title, points }) => (
                <li key={title}>
                  {title} <b className="number">{signed(format, points)}</b>
                </li>
              ))}
              {one.limited !== 0 && (
                <li>
                  {t("potential.limited")} <b className="number">{signed(format, one.limited)}</b>
                </li>
              )}
            </ul>
          ),
        },
      ]}
    />
  );
}
