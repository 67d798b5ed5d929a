import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { BandName, Temperature } from "../shell/Temperature";
import { BANDS } from "../shell/theme";
import type { Figures } from "./figures";

/** The numbers of one area: how many, how they split, how warm on average. */
export function Numbers({ area }: { area: Figures }) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = (count: number) => format.percent(count / Math.max(area.profiles, 1));
  return (
    <>
      <div className="bands-bar map-bar" aria-hidden="true">
        {BANDS.filter((band) => area[band] > 0).map((band) => (
          <span key={band} style={{ flexGrow: area[band], background: `var(--${band})` }} />
        ))}
      </div>
      <dl className="facts">
        <dt>{t("map.mean")}</dt>
        <dd>
          <Temperature value={area.mean} />
        </dd>
        {area.change !== undefined && area.change !== null && (
          <>
            <dt>{t("map.colourings.change")}</dt>
            <dd>{format.change(area.change)}</dd>
          </>
        )}
        <dt>{t("map.profiles")}</dt>
        <dd>{format.count(area.profiles)}</dd>
        {BANDS.map((band) => (
          <div className="map-pair" key={band}>
            <dt>
              <BandName band={band} />
            </dt>
            <dd>
              {format.count(area[band])} <span className="soft">{share(area[band])}</span>
            </dd>
          </div>
        ))}
        <dt className="map-part">{t("shell.cold.never_warm")}</dt>
        <dd>{format.count(area.never_warm)}</dd>
        <dt className="map-part">{t("shell.cold.cooled")}</dt>
        <dd>{format.count(area.cooled)}</dd>
      </dl>
    </>
  );
}
