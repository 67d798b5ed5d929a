import { useTranslation } from "react-i18next";
import { useSpoken } from "../i18n";
import { boxOf } from "./outlines";
import type { Ground } from "./shapes";
import { type Box, fills } from "./view";

/** To the last stroke of the dash line. */
export const CHINA: Box = [73.5, 3.2, 135.1, 53.6];
const WORLD: Box = [-168, -56, 179, 76];
/** Whether so much is seen, or so far away, that it is the world and not China. */
export function worldwide(seen: Box): boolean {
  const [west, south, east, north] = seen;
  const [lng, lat] = [(west + east) / 2, (south + north) / 2];
  const inside = lng >= CHINA[0] && lng <= CHINA[2] && lat >= CHINA[1] && lat <= CHINA[3];
  return !inside || !fills(CHINA, seen);
}

/** Where the map stands, from the world down, and the way back. */
export function Crumbs({ ground, go }: { ground: Ground; go: (box: Box) => void }) {
  const { t } = useTranslation();
  const zh = useSpoken() === "zh";
  const steps = [
    { key: "world", name: t("map.world"), box: WORLD },
    { key: "china", name: t("map.china"), box: CHINA },
    ...ground.path.map((area) => ({
      key: `${area.properties.id}-${area.properties.name}`,
      name: zh ? area.properties.name : area.properties.name_en || area.properties.name,
      box: boxOf(area),
    })),
  ];
  const current = worldwide(ground.seen?.box ?? CHINA) ? "world" : steps.at(-1)?.key;
  return (
    <nav className="map-crumbs" aria-label={t("map.where")}>
      <ol>
        {steps.map(({ key, name, box }) => (
          <li key={key}>
            <button
              type="button"
              aria-current={key === current ? "location" : undefined}
              onClick={() => go(box)}
            >
              {name}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
