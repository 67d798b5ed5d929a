import { Link, useParams } from "@tanstack/react-router";
import { Button, Skeleton } from "antd";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Fault, Problem } from "../api/problem";
import { useReports } from "../boards/asked";
import { PinsOf, usePins } from "../boards/pins";
import { Saving } from "../boards/Saving";
import { useSpoken } from "../i18n";
import { useVocabulary } from "../segments/asked";
import { Known, useThere } from "../segments/bench";
import { CopyText } from "../shell/CopyText";
import { Job } from "../shell/Job";
import { useMedia } from "../shell/media";
import { useView } from "../shell/page";
import { Answer as Awaited, Empty, Failure } from "../shell/Told";
import { type Answer, type Cell, type Item, useAnalyses, useAnswer } from "./asked";
import { Behind } from "./Behind";
import { Form } from "./Form";
import { Lacking } from "./Lacking";
import { OnPage } from "./OnPage";
import { addressOf } from "./onPage";
import { one as page } from "./page";
import { type Body, filled, fitting, lacking, open, type Whole } from "./parameters";
import { Setting } from "./setting";
import { Told, useShown } from "./Told";
import "../segments/segments.css";
import "../named/named.css";
import "./analytics.css";

const NARROW = "(max-width: 1100px)";
const NONE: Fault[] = [];

/** An analysis: what it is asked, and what it tells. */
export default function Analysis() {
  const { t } = useTranslation();
  const { name = "" } = useParams({ strict: false }) as { name?: string };
  const all = useAnalyses();
  const there = useVocabulary();
  return (
    <Awaited of={all}>
      {({ items, dimensions }) => {
        const item = items.find((one) => one.name === name);
        if (!item) return <Absent />;
        return (
          <Awaited of={there}>
            {(known) => (
              <Known value={known}>
                <Setting value={{ whole: item.parameters as Whole, dimensions }}>
                  <Desk key={name} item={item} />
                </Setting>
              </Known>
            )}
          </Awaited>
        );
      }}
    </Awaited>
  );

  function Absent() {
    return (
      <section className="panel">
        <Empty
          title={t("analytics.absent")}
          next={t("analytics.absent_next")}
          action={<Link to={"/analytics" as never}>{t("analytics.all")}</Link>}
        />
      </section>
    );
  }
}

/** JSON of an address as an object; nothing where it is none. */
function objectOf(text: string): Body | undefined {
  try {
    const found = JSON.parse(text);
    return typeof found === "object" && found !== null && !Array.isArray(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** What is asked at once: what the address says, else the report that is open, else the defaults
 * where they leave nothing open and name nothing that the pool has not. */
function useAsked(item: Item, text: string, kept?: Body): Body | undefined {
  const { events } = useThere();
  return useMemo(() => {
    const whole = item.parameters as Whole;
    const usual = filled({}, whole);
    const ready = open(usual).length === 0 && lacking(usual, whole, events).length === 0;
    return objectOf(text) ?? kept ?? (ready ? {} : undefined);
  }, [item, text, kept, events]);
}

function Desk({ item }: { item: Item }) {
  const { t } = useTranslation();
  const language = useSpoken();
  const [view, change] = useView(page);
  const reports = useReports(view.report !== "");
  const report = reports.data?.items.find(({ id }) => id === view.report);
  const waiting = view.report !== "" && reports.isPending;
  const given = useAsked(item, view.asked, report?.parameters);
  const asked = waiting ? undefined : given;
  const found = useAnswer(item.name, asked);
  const opened = (kept?: { id: string }) =>
    change({ report: kept?.id ?? "", asked: kept ? "" : JSON.stringify(asked) }, { still: true });
  const title = item.words.title[language];
  const pins = usePins({ analysis: item.name, title, asked, report, opened });
  const faults = found.error instanceof Problem ? found.error.faults : NONE;
  const ask = (parameters: Body) => {
    const text = JSON.stringify(parameters);
    if (text === JSON.stringify(asked)) found.refetch();
    else change({ asked: text, behind: "" });
  };
  const look = (cell: Cell) => change({ behind: JSON.stringify(cell) }, { still: true });
  const cell = objectOf(view.behind);
  const { events } = useThere();
  const example = fitting(item.example, events);
  const begin = example && (() => ask(example));
  const whole = item.parameters as Whole;
  const lacks = lacking(filled(asked ?? {}, whole), whole, events);
  const refused = found.error instanceof Problem && found.error.status === 422;
  const missed = !waiting && lacks.length > 0 && (asked === undefined || refused);
  return (
    <>
      <div className="title">
        <h1>{item.words.title[language]}</h1>
        <div className="actions">
          {found.data && <CopyText text={location.href} label={t("analytics.link")} />}
        </div>
        <p>
          <Link to={"/analytics" as never} activeOptions={{ exact: true }}>
            {t("analytics.all")}
          </Link>{" "}
          · {item.words.about[language]}
        </p>
      </div>
      <Saving analysis={item.name} {...{ asked, report, pins, opened }} />
      <div className="analytics-columns">
        <Folding open={found.data === undefined}>
          <Form
            key={`${view.asked} ${report?.id} ${report?.version}`}
            item={item}
            asked={asked ?? {}}
            faults={faults}
            busy={found.busy}
            ask={ask}
          />
        </Folding>
        <div className="analytics-side" aria-live="polite">
          {waiting && <Skeleton active />}
          {missed && <Lacking lacks={lacks} whole={whole} begin={begin} />}
          {asked === undefined && !missed && !waiting && <Unasked begin={begin} />}
          {found.error && !missed && <Failure error={found.error} again={() => found.refetch()} />}
          {found.run && !found.data && (
            <section className="panel">
              <Job work={found.run} label={item.words.title[language]} stop={found.stop} />
              {found.run.state === "cancelled" && (
                <Button onClick={() => found.refetch()}>{t("analytics.ask")}</Button>
              )}
            </section>
          )}
          {asked && found.busy && !found.data && <Skeleton active />}
          {found.data && asked && (
            <PinsOf value={pins}>
              <Told
                item={item}
                answer={found.data}
                asked={asked}
                look={look}
                table={view.table}
                turn={(table) => change({ table }, { still: true, replace: true })}
                again={() => found.refetch()}
                busy={found.busy}
                more={
                  item.name === "click_map" && (
                    <OnPage
                      key={addressOf(found.data)}
                      title={title}
                      answer={found.data}
                      asked={asked}
                    />
                  )
                }
              />
            </PinsOf>
          )}
        </div>
      </div>
      {cell && asked && found.data && (
        <Opened
          {...{ item, asked, cell }}
          answer={found.data}
          close={() => change({ behind: "" }, { still: true })}
        />
      )}
    </>
  );
}

interface Looked {
  item: Item;
  answer: Answer;
  asked: Body;
  cell: Cell;
  close: () => void;
}

function Opened(looked: Looked) {
  const show = useShown(looked.item, looked.answer);
  return <Behind key={JSON.stringify(looked.cell)} {...looked} show={show} />;
}

/** The form beside the answer; on a narrow page above it, folded once there is one. */
function Folding({ open: unfolded, children }: { open: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  const narrow = useMedia(NARROW);
  const label = t("analytics.parameters");
  if (!narrow) {
    return (
      <section className="panel analytics-asks" aria-label={label}>
        {children}
      </section>
    );
  }
  return (
    <details className="panel analytics-asks" open={unfolded}>
      <summary>{label}</summary>
      {children}
    </details>
  );
}

function Unasked({ begin }: { begin?: () => void }) {
  const { t } = useTranslation();
  return (
    <section className="panel">
      <Empty
        title={t("analytics.unasked")}
        next={t("analytics.unasked_next")}
        action={begin && <Button onClick={begin}>{t("analytics.example")}</Button>}
      />
    </section>
  );
}
