import { AimOutlined, CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useHeat } from "./asked";
import type { Answer, Figures } from "./figures";
import { Numbers } from "./Numbers";
import { useNames } from "./names";
import { boxOf } from "./outlines";
import type { Ground } from "./shapes";
import type { Box, Level, View } from "./view";

interface Props {
  chosen: { level: Level; id: string };
  view: View;
  ground: Ground;
  now: Answer | undefined;
  close: () => void;
  enter: (box: Box) => void;
  /** What else is told of it, with its figures where there are any. */
  more?: (area: Figures | undefined) => ReactNode;
}

/** The numbers of the chosen area, which stay when the map moves on. */
export function Chosen({ chosen, view, ground, now, close, enter, more }: Props) {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const { id, level } = chosen;
  const same = now?.level === level ? now.areas.find((one) => one.id === id) : undefined;
  const other = useHeat(view, level, same ? undefined : ground.seen);
  const area = same ?? other.data?.areas.find((one) => one.id === id);
  const outline = level === "cell" ? undefined : ground.outlines[level]?.byId.get(id);
  const { name = id, name_en } = outline?.properties ?? {};
  const title = area ? names(area) : i18n.language === "zh" ? name : name_en || name;
  return (
    <section className="panel map-chosen" aria-label={title}>
      <div className="map-rank-head">
        <h2>{title}</h2>
        {outline && (
          <Button size="small" icon={<AimOutlined />} onClick={() => enter(boxOf(outline))}>
            {t("map.enter")}
          </Button>
        )}
        <Button
          size="small"
          type="text"
          icon={<CloseOutlined />}
          aria-label={t("map.close")}
          onClick={close}
        />
      </div>
      {area ? <Numbers area={area} /> : !more && <p className="soft">{t("map.not_told")}</p>}
      {more?.(area)}
    </section>
  );
}
