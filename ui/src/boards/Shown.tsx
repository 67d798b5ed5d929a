import { Link } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Answer, Item } from "../analytics/asked";
import { drawn } from "../analytics/drawing";
import { NUMBERS } from "../analytics/figures";
import { useShown } from "../analytics/Told";
import { spoken } from "../analytics/words";
import { Chart } from "../charts/Chart";
import { useSpoken } from "../i18n";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { type Column, Rows } from "../shell/Rows";
import { Failure } from "../shell/Told";
import { useShownAnswer } from "./answers";
import { type Card, chartName } from "./arrange";
import type { Report } from "./asked";
import { Figure } from "./Figure";

const ROW_PX = 160;
const GAP_PX = 16;
/** Of a card, beside what it shows: its name, its moment, its edges. */
const AROUND_PX = 92;
const TOOLS_PX = 48;

/** What a card is called: by people, else after its report and what it shows of it. */
export function useTitle(card: Card, report?: Report, item?: Item): string {
  const { t } = useTranslation();
  const language = useSpoken();
  if (card.title) return card.title;
  if (!report || !item) return card.report_name ?? t("boards.no_report");
  const { figures, tables, columns } = item.words;
  if (card.show === "figure") {
    return `${figures[card.name]?.[1][language] ?? card.name} · ${report.name}`;
  }
  if (card.show === "table") return `${spoken(tables, card.name, language)} · ${report.name}`;
  const [, table = "", y = ""] = card.name.split(" ");
  const of = y.split(",").map((one) => spoken(columns, one, language));
  return `${spoken(tables, table, language)}: ${of.join(", ")} · ${report.name}`;
}

interface Given {
  card: Card;
  report?: Report;
  item?: Item;
  minutes: number;
  wall: boolean;
}

/** What a card shows, and as of when; or why it cannot. */
export function Shown({ card, report, item, minutes, wall }: Given) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = useTitle(card, report, item);
  const usable = report && item && report.faults.length === 0;
  const found = useShownAnswer(item?.name ?? "", usable ? report.parameters : undefined, minutes);
  const answer = found.data;
  return (
    <>
      <h3 title={title}>
        {report && !wall ? (
          <Link
            to={"/analytics/$name" as never}
            params={{ name: report.analysis } as never}
            search={{ report: report.id } as never}
          >
            {title}
          </Link>
        ) : (
          title
        )}
      </h3>
      <div className="boards-body">
        {!usable && <Unusable report={report} />}
        {usable && !answer && !found.error && <Skeleton active paragraph={{ rows: 1 }} />}
        {found.error && <Failure error={found.error} again={() => void found.refetch()} />}
        {usable && answer && (
          <Content {...{ card, item, answer, minutes, wall, title }} asked={report.parameters} />
        )}
      </div>
      {answer && (
        <p className="boards-when soft">
          {t("analytics.as_of", { at: format.moment(answer.as_of) })} ·{" "}
          {t("analytics.period", { from: answer.from, until: answer.until })}
        </p>
      )}
    </>
  );
}

function Unusable({ report }: { report?: Report }) {
  const { t } = useTranslation();
  return (
    <div className="boards-bad">
      <p>{t(report ? "boards.broken" : "boards.no_report")}</p>
      {report?.faults.map(({ where, detail }) => (
        <p key={`${where} ${detail}`}>
          <Said text={detail} />
        </p>
      ))}
      {report && <p>{t("boards.broken_card")}</p>}
    </div>
  );
}

export interface Filled {
  card: Card;
  item: Item;
  answer: Answer;
  asked: Report["parameters"];
  minutes: number;
  wall: boolean;
  title: string;
}

function Content(filled: Filled) {
  const { t } = useTranslation();
  const { card, answer } = filled;
  if (card.show === "figure" && card.name in answer.figures) return <Figure {...filled} />;
  if (card.show === "chart") {
    const chart = answer.charts.find((one) => chartName(one) === card.name);
    const table = answer.tables.find(({ name }) => name === chart?.table);
    if (chart && table && table.rows.length > 0) {
      return <Drawn {...filled} chart={chart} table={table} />;
    }
  }
  const table = card.show === "table" && answer.tables.find(({ name }) => name === card.name);
  if (table && table.rows.length > 0) return <Listed {...filled} table={table} />;
  return <p className="soft">{t("boards.not_there")}</p>;
}

const inside = ({ card, wall }: Filled) =>
  card.height * ROW_PX +
  (card.height - 1) * GAP_PX -
  AROUND_PX -
  (wall || card.height === 1 ? 0 : TOOLS_PX);

function Drawn({
  chart,
  table,
  ...filled
}: Filled & { chart: Answer["charts"][number]; table: Answer["tables"][number] }) {
  const language = useSpoken();
  const { shade } = useLook();
  const show = useShown(filled.item, filled.answer);
  const { words } = filled.item;
  const narrow = filled.card.width < 3;
  const made = useMemo(() => {
    const name = (column: string) => spoken(words.columns, column, language);
    return drawn(chart, table, { show, name, shade, narrow });
  }, [chart, table, words, show, language, shade, narrow]);
  return <Chart title={filled.title} {...made} height={inside(filled)} />;
}

type Row = { at: number; cells: unknown[] };

function Listed({ table, ...filled }: Filled & { table: Answer["tables"][number] }) {
  const language = useSpoken();
  const show = useShown(filled.item, filled.answer);
  const columns = table.columns.map(
    ({ name, kind }, at): Column<Row> => ({
      key: name,
      title: spoken(filled.item.words.columns, name, language),
      width: NUMBERS.includes(kind) ? 110 : 150,
      number: NUMBERS.includes(kind),
      show: ({ cells }) => show(kind, cells[at], name),
    }),
  );
  const rows = table.rows.map((cells, at) => ({ at, cells }));
  return (
    <Rows
      label={filled.title}
      columns={columns}
      rows={rows}
      rowKey={({ at }) => String(at)}
      height="100%"
    />
  );
}
