import { Link } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { type Item, useAnalyses } from "../analytics/asked";
import { useShown } from "../analytics/Told";
import { Failure } from "../shell/Told";
import { Alerts } from "./Alerts";
import { useShownAnswer } from "./answers";
import type { Card } from "./arrange";
import { type Board, type Report, useDashboards, useReports } from "./asked";
import { useTitle } from "./Shown";
import { Verdict } from "./Verdict";
import "./boards.css";

/** So often a watched figure is asked anew. */
const MINUTES = 15;

/** The figures that people want to be warned of; nothing where there are none. */
export default function Watched() {
  const boards = useDashboards();
  const watched = (boards.data?.items ?? []).flatMap((board) =>
    board.cards.filter(({ alert }) => alert).map((card) => ({ board, card })),
  );
  return (
    <>
      <Alerts />
      {watched.length > 0 && <Listed watched={watched} />}
    </>
  );
}

function Listed({ watched }: { watched: Pick<Given, "board" | "card">[] }) {
  const { t } = useTranslation();
  const reports = useReports();
  const all = useAnalyses();
  return (
    <section className="panel" aria-labelledby="boards-watched">
      <h2 id="boards-watched">{t("boards.watched")}</h2>
      <ul className="boards-watched">
        {watched.map(({ board, card }) => {
          const report = reports.data?.items.find(({ id }) => id === card.report);
          const item = all.data?.items.find(({ name }) => name === report?.analysis);
          return <One key={`${board.id} ${card.id}`} {...{ board, card, report, item }} />;
        })}
      </ul>
    </section>
  );
}

interface Given {
  board: Board;
  card: Card;
  report?: Report;
  item?: Item;
}

function One({ board, card, report, item }: Given) {
  const { t } = useTranslation();
  const title = useTitle(card, report, item);
  return (
    <li>
      <Link to={"/dashboards/$id" as never} params={{ id: board.id } as never}>
        {title}
      </Link>
      {report && item && report.faults.length === 0 && (
        <Now {...{ card, item }} asked={report.parameters} />
      )}
      {report && report.faults.length > 0 && (
        <p className="boards-bad">{t("boards.broken_card")}</p>
      )}
    </li>
  );
}

function Now({ card, item, asked }: { card: Card; item: Item; asked: Report["parameters"] }) {
  const found = useShownAnswer(item.name, asked, MINUTES);
  if (found.error) return <Failure error={found.error} again={() => void found.refetch()} />;
  if (!found.data) return <Skeleton active title={false} paragraph={{ rows: 1 }} />;
  return <Value {...{ card, item, asked }} answer={found.data} />;
}

type Answered = Parameters<typeof Now>[0] & { answer: Parameters<typeof useShown>[1] };

function Value({ card, item, asked, answer }: Answered) {
  const show = useShown(item, answer);
  const kind = item.words.figures[card.name]?.[0] ?? "number";
  return (
    <>
      <b>{show(kind, answer.figures[card.name])}</b>
      {card.target && (
        <Verdict
          {...{ item, asked, answer }}
          name={card.name}
          target={card.target}
          minutes={MINUTES}
        />
      )}
    </>
  );
}
