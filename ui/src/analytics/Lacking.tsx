import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useSpoken } from "../i18n";
import { Empty } from "../shell/Told";
import { list } from "./page";
import { type Lack, resolved, titled, type Whole } from "./parameters";

interface Shown {
  lacks: Lack[];
  whole: Whole;
  /** Begins with an example, where there is one that this pool can be asked. */
  begin?: () => void;
}

/** What the question names and this pool has not seen, and what to do about it. */
export function Lacking({ lacks, whole, begin }: Shown) {
  const { t } = useTranslation();
  const language = useSpoken();
  const { properties = {} } = resolved(whole, whole);
  const called = (field: string) => titled(properties[field] ?? {}, language).title || field;
  return (
    <section className="panel">
      <Empty
        title={t("analytics.lacking")}
        next={t("analytics.lacking_next")}
        action={
          <>
            <ul className="analytics-lacks">
              {lacks.map((one) => (
                <li key={`${one.field} ${one.event ?? one.property}`}>
                  {called(one.field)} · <Missed of={one} />
                </li>
              ))}
            </ul>
            <div className="actions">
              {begin && <Button onClick={begin}>{t("analytics.example")}</Button>}
              <Button type="link" href={`/help/${language}/${list.help}`} target="_blank">
                {t("analytics.guide")}
              </Button>
            </div>
          </>
        }
      />
    </section>
  );
}

/** What is missed, in a few words. */
export function Missed({ of: { event, property } }: { of: Lack }) {
  const { t } = useTranslation();
  return event === undefined
    ? t("analytics.lacks_property", { name: property })
    : t("analytics.lacks_event", { name: event });
}
