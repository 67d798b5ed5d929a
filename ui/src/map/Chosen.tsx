import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSpoken } from "../i18n";
import { useMay } from "../shell/session";
import { useHeat } from "./asked";
import { Card } from "./Card";
import type { Answer, Figures } from "./figures";
import { Numbers } from "./Numbers";
import { useNames } from "./names";
import { ruleOf } from "./people";
import type { Ground } from "./shapes";
import type { Box, Level, View } from "./view";

interface Props {
  chosen: { level: Level; id: string };
  view: View;
  ground: Ground;
  now: Answer | undefined;
  /** Where it lies. */
  box: Box | undefined;
  close: () => void;
  enter: (box: Box) => void;
  /** What else is told of it, with its figures where there are any. */
  more?: (area: Figures | undefined) => ReactNode;
}

/** The numbers of the chosen area, which stay when the map moves on. */
export function Chosen({ chosen, view, ground, now, box, close, enter, more }: Props) {
  const { t } = useTranslation();
  const spoken = useSpoken();
  const names = useNames();
  const { id, level } = chosen;
  const same = now?.level === level ? now.areas.find((one) => one.id === id) : undefined;
  const other = useHeat(view, level, same ? undefined : ground.seen);
  const area = same ?? other.data?.areas.find((one) => one.id === id);
  const outline = level === "cell" ? undefined : ground.outlines[level]?.byId.get(id);
  const { name = id, name_en } = outline?.properties ?? {};
  const may = useMay("operator");
  const rule = ruleOf(level, id);
  const title = area ? names(area) : spoken === "zh" ? name : name_en || name;
  return (
    <Card title={title} enter={box && (() => enter(box))} close={close}>
      {area ? <Numbers area={area} /> : !more && <p className="soft">{t("map.not_told")}</p>}
      {more?.(area)}
      {may && rule && (
        <Link to={"/segments/build" as never} search={{ rule: JSON.stringify(rule) } as never}>
          {t("map.people_here")}
        </Link>
      )}
    </Card>
  );
}
