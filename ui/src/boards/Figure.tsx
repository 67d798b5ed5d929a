import { Large, useShown } from "../analytics/Told";
import type { Filled } from "./Shown";
import { Verdict } from "./Verdict";

/** One figure, large; with a target also how far it is. */
export function Figure({ card, item, answer, asked, minutes }: Filled) {
  const show = useShown(item, answer);
  const kind = item.words.figures[card.name]?.[0] ?? "number";
  const held = { name: card.name, item, answer, asked, minutes };
  return (
    <>
      <p className="boards-figure">
        <Large kind={kind} told={show(kind, answer.figures[card.name])} />
      </p>
      {card.target && <Verdict {...held} target={card.target} />}
    </>
  );
}
