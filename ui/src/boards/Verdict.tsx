import { CheckCircleOutlined, WarningOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { Answer, Item } from "../analytics/asked";
import { useShown } from "../analytics/Told";
import { useFormat } from "../shell/format";
import { useShownAnswer, useShownAnswers } from "./answers";
import type { Report } from "./asked";
import { before, reached, type Target, usual, weekdays } from "./target";

export interface Held {
  /** The figure, and what it is held against. */
  name: string;
  target: Target;
  item: Item;
  answer: Answer;
  asked: Report["parameters"];
  minutes: number;
}

/** How far a figure is from its target, or whether its last day is as usual. */
export function Verdict(held: Held) {
  return held.target.weeks ? <AsUsual {...held} weeks={held.target.weeks} /> : <Aim {...held} />;
}

function Aim({ name, target, item, answer, asked, minutes }: Held) {
  const { t } = useTranslation();
  const format = useFormat();
  const show = useShown(item, answer);
  const kind = item.words.figures[name]?.[0] ?? "number";
  const based = typeof target.value !== "number";
  const earlier = useShownAnswer(item.name, based ? before(asked, answer) : undefined, minutes);
  const past = based ? earlier.data?.figures[name] : undefined;
  const found = reached(answer.figures[name], target, past);
  if (!found) return <Unheld known={!based || !!earlier.data || !!earlier.error} />;
  const { goal, over, share, met } = found;
  const words = {
    goal: show(kind, goal),
    gap:
      kind === "share"
        ? t("boards.target.points", { n: format.number(100 * Math.abs(over), 1) })
        : show(kind, Math.abs(over)),
    share: share === undefined ? "–" : format.percent(share),
  };
  const side = over === 0 ? "at" : over > 0 ? "over" : "under";
  return (
    <Told met={met}>
      <p>
        <Mark met={met} /> {t(`boards.target.${met ? "met" : "missed"}`)} ·{" "}
        {t(`boards.target.${side}`, words)}
      </p>
      {share !== undefined && (
        <progress value={Math.min(Math.max(share, 0), 1)} aria-label={t("boards.target.share")} />
      )}
      <p className="soft">
        {t(based ? "boards.target.earlier" : "boards.target.value", words)}
        {based && target.change ? ` (${format.percent(1 + target.change)})` : ""}
      </p>
    </Told>
  );
}

function AsUsual({ name, item, answer, asked, minutes, weeks }: Held & { weeks: number }) {
  const { t } = useTranslation();
  const show = useShown(item, answer);
  const kind = item.words.figures[name]?.[0] ?? "number";
  const days = weekdays(asked, answer, weeks);
  const found = useShownAnswers(item.name, days, minutes);
  const [value, ...past] = found.data?.map(({ figures }) => figures[name]) ?? [];
  const range = usual(past);
  if (value === null || value === undefined || !range) {
    return <Unheld known={!!found.data || !!found.error} />;
  }
  const met = value >= range.low && value <= range.high;
  const words = {
    day: String(days[0]?.from),
    value: show(kind, value),
    low: show(kind, range.low),
    high: show(kind, range.high),
  };
  const side = met ? "usual" : value > range.high ? "high" : "low";
  return (
    <Told met={met}>
      <p>
        <Mark met={met} /> {t(`boards.target.days.${side}`, words)}
      </p>
      <p className="soft">{t("boards.target.days.range", words)}</p>
    </Told>
  );
}

function Told({ met, children }: { met: boolean; children: React.ReactNode }) {
  return (
    <div className={met ? "boards-aim boards-good" : "boards-aim boards-bad"} data-met={met}>
      {children}
    </div>
  );
}

function Mark({ met }: { met: boolean }) {
  return met ? <CheckCircleOutlined /> : <WarningOutlined />;
}

function Unheld({ known }: { known: boolean }) {
  const { t } = useTranslation();
  return <p className="soft">{t(known ? "boards.no_goal" : "boards.goal_awaited")}</p>;
}
