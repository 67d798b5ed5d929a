import { Link } from "@tanstack/react-router";
import { Spin } from "antd";
import { useTranslation } from "react-i18next";
import { useSpoken } from "../i18n";
import { useFormat, useStatus } from "../shell/format";
import { Temperature } from "../shell/Temperature";
import { Failure } from "../shell/Told";
import type { usePreview } from "./asked";

interface Shown {
  preview: ReturnType<typeof usePreview>;
  /** Why nothing is asked now: something is still to be filled in. */
  waits: boolean;
  /** The rule was refused with faults that are shown at their places. */
  refused: boolean;
}

/** Of whom the rule is true while it is edited: what it says, how many, and a few of them. */
export function Live({ preview, waits, refused }: Shown) {
  const { t } = useTranslation();
  const spoken = useSpoken();
  const { data, isFetching, error } = preview;
  const stale = waits || refused || isFetching;
  return (
    <section className="panel segments-live" aria-label={t("segments.live")}>
      <h2>{t("segments.live")}</h2>
      {waits && <p className="segments-open">{t("segments.waits")}</p>}
      {!waits && refused && <p className="segments-faults">{t("segments.refused")}</p>}
      {!waits && error && !refused && (
        <Failure error={error} again={() => void preview.refetch()} />
      )}
      {data && (
        <div className={stale ? "segments-stale" : undefined} aria-busy={isFetching}>
          <Count preview={data} busy={isFetching} />
          <p className="segments-sentence">{data.sentence[spoken]}</p>
          <Sample preview={data} />
        </div>
      )}
      {!data && isFetching && <Spin />}
    </section>
  );
}

type Found = NonNullable<Shown["preview"]["data"]>;

function Count({ preview, busy }: { preview: Found; busy: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const status = useStatus();
  const known = status.data?.profiles;
  return (
    <>
      <p className="segments-count" role="status">
        <span className="figure">{format.count(preview.count)}</span>{" "}
        {t("segments.people", { count: preview.count })}
        {typeof known === "number" && known > 0 && (
          <span className="soft">
            {" "}
            {t("segments.share", { share: format.percent(preview.count / known) })}
          </span>
        )}
      </p>
      <p className="soft">
        {t("segments.as_of", {
          at: format.clock(preview.as_of),
          took: format.seconds(preview.took / 1000),
        })}{" "}
        {busy && <Spin size="small" aria-label={t("segments.counting")} />}
      </p>
    </>
  );
}

function Sample({ preview }: { preview: Found }) {
  const { t } = useTranslation();
  if (preview.sample.length === 0) return <p className="soft">{t("segments.nobody")}</p>;
  return (
    <table className="segments-sample">
      <caption>{t("segments.sample")}</caption>
      <thead className="segments-hidden">
        <tr>
          <th scope="col">{t("segments.profile")}</th>
          <th scope="col">{t("segments.temperature")}</th>
        </tr>
      </thead>
      <tbody>
        {preview.sample.map((one) => (
          <tr key={one.id}>
            <td>
              <Link to={"/profiles/$id" as never} params={{ id: one.id } as never}>
                {one.id}
              </Link>
            </td>
            <td>
              <Temperature value={one.temperature} band={one.band} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
