import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { OUTLINED } from "./layers";
import type { Level } from "./view";

/** A layer of whoever runs the server, and where it comes from. */
export interface Credit {
  name: string;
  from: string;
  shown: boolean;
}

/** What is drawn that did not come with Hotspring: said on the map, as its sources ask. */
export function Credits({ of }: { of: Credit[] }) {
  const { t } = useTranslation();
  const shown = of.filter((one) => one.shown);
  if (shown.length === 0) return null;
  return (
    <ul className="map-credits" aria-label={t("map.credits")}>
      {shown.map((one) => (
        <li key={one.name}>{creditOf(one, t)}</li>
      ))}
    </ul>
  );
}

/** Where what is shipped comes from, as far as it is drawn: a deployer may have replaced it. */
export function sourcesOf(replaced: string[], level: Level, t: TFunction): string {
  const drawn = ["province", ...OUTLINED.filter((one) => one === level)];
  const told = [
    drawn.some((one) => !replaced.includes(one)) && t("map.source_borders"),
    !replaced.includes("world") && t("map.source_land"),
    t("map.source_towns"),
  ];
  return told.filter(Boolean).join(t("map.source_between"));
}

export function creditOf(one: Credit, t: TFunction): string {
  return one.from ? t("map.credit", { name: one.name, from: one.from }) : one.name;
}
