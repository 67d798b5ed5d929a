import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { Temperature } from "../shell/Temperature";
import type { Outlet } from "./outlets";

/** What is known of an outlet and of whom it serves. */
export function OutletFacts({ outlet, bare }: { outlet: Outlet | undefined; bare?: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!outlet) return null;
  const { name, kind, capacity, radius, within, nearest } = outlet;
  const told = (figures: Outlet["within"]) => {
    if (figures?.profiles !== null && figures?.profiles !== undefined) {
      return format.count(figures.profiles);
    }
    return t(figures?.withheld ? "map.too_few" : "map.nobody_near");
  };
  return (
    <>
      {!bare && <h3>{name}</h3>}
      <dl className="facts">
        <dt>{t("map.outlet.kind")}</dt>
        <dd>{kind || "–"}</dd>
        <dt>{t("map.outlet.capacity")}</dt>
        <dd>{capacity > 0 ? format.count(capacity) : "–"}</dd>
        <dt>{t("map.outlet.radius")}</dt>
        <dd>{format.count(Math.round(radius))} m</dd>
        <dt>{t("map.outlet.within")}</dt>
        <dd>{told(within)}</dd>
        {typeof within?.mean === "number" && (
          <>
            <dt>{t("map.outlet.within_mean")}</dt>
            <dd>
              <Temperature value={within.mean} />
            </dd>
          </>
        )}
        <dt>{t("map.outlet.nearest")}</dt>
        <dd>{told(nearest)}</dd>
        {typeof nearest?.mean === "number" && (
          <>
            <dt>{t("map.outlet.nearest_mean")}</dt>
            <dd>
              <Temperature value={nearest.mean} />
            </dd>
          </>
        )}
      </dl>
    </>
  );
}
