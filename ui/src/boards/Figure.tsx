import { CheckCircleOutlined, WarningOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { useShown } from "../analytics/Told";
import { useFormat } from "../shell/format";
import { useShownAnswer } from "./answers";
import type { Filled } from "./Shown";
import { before, reached, type Target } from "./target";

/** One figure, large; with a target also how far it is. */
export function Figure(filled: Filled) {
  const { card, item, answer } = filled;
  const show = useShown(item, answer);
  const kind = item.words.figures[card.name]?.[0] ?? "number";
  return (
    <>
      <p className="boards-figure">{show(kind, answer.figures[card.name])}</p>
      {card.target && <Aim {...filled} target={card.target} kind={kind} />}
    </>
  );
}

function Aim({ target, kind, ...filled }: Filled & { target: Target; kind: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { card, item, answer, asked, minutes } = filled;
  const show = useShown(item, answer);
  const based = target.value === null || target.value === undefined;
  const earlier = useShownAnswer(
    item.name,
    based ? before(asked, answer) : undefined,
    based ? minutes : 0,
  );
  const found = reached(
    answer.figures[card.name],
    target,
    based ? earlier.data?.figures[card.name] : undefined,
  );
  if (!found) {
    const known = !based || earlier.data || earlier.error;
    return <p className="soft">{t(known ? "boards.no_goal" : "boards.goal_awaited")}</p>;
  }
  const { goal, over, share, met } = found;
  const words = {
    goal: show(kind, goal),
    gap: show(kind, Math.abs(over)),
    share: share === undefined ? "–" : format.percent(share),
  };
  const side = over === 0 ? "at" : over > 0 ? "over" : "under";
  return (
    <div className={met ? "boards-aim boards-good" : "boards-aim boards-bad"} data-met={met}>
      <p>
        {met ? <CheckCircleOutlined /> : <WarningOutlined />}{" "}
        {t(`boards.target.${met ? "met" : "missed"}`)} · {t(`boards.target.${side}`, words)}
      </p>
      {share !== undefined && (
        <progress value={Math.min(Math.max(share, 0), 1)} aria-label={t("boards.target.share")} />
      )}
      <p className="soft">
        {t(based ? "boards.target.earlier" : "boards.target.value", words)}
        {based && target.change ? ` (${format.percent(1 + target.change)})` : ""}
      </p>
    </div>
  );
}
