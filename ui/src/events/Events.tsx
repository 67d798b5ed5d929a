import { PauseOutlined, PlayCircleOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input, Segmented, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { Answer, Empty } from "../shell/Told";
import { useActivity } from "../sources/asked";
import { joined, type Numbered, pretty, type Seen } from "./live";
import page from "./page";
import "./events.css";

const VERDICTS = ["all", "accepted", "refused"] as const;
const EVERY_MS = 1_000;

/** What comes in, as it comes; paused it stays as it is. */
function useLive(paused: boolean) {
  const [{ verdict, source, q }] = useView(page);
  const client = useQueryClient();
  const queryKey = ["events", verdict, source, q];
  return useQuery<Seen>({
    queryKey,
    queryFn: async () => {
      const before = client.getQueryData<Seen>(queryKey);
      const query = { verdict, source, q, limit: 100, cursor: before?.cursor };
      return joined(before, await told(api.GET("/api/events/live", { params: { query } })));
    },
    refetchInterval: paused ? false : EVERY_MS,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
}

export default function Events(): React.JSX.Element {
  const { t } = useTranslation();
  const format = useFormat();
  const [paused, setPaused] = useState(false);
  const live = useLive(paused);
  const client = useQueryClient();
  const turn = () => {
    // What was asked for before the pause and comes after it waits for its end.
    if (!paused && live.data) client.cancelQueries({ queryKey: ["events"] });
    setPaused(!paused);
  };
  return (
    <>
      <div className="title">
        <h1>{t("events.title")}</h1>
        <div className="actions">
          <Button
            type={paused ? "primary" : "default"}
            icon={paused ? <PlayCircleOutlined /> : <PauseOutlined />}
            onClick={turn}
          >
            {t(paused ? "events.go_on" : "events.pause")}
          </Button>
        </div>
        <p role="status">{t(paused ? "events.paused" : "events.about")}</p>
      </div>
      <section className="panel" aria-label={t("events.title")}>
        <Filters />
        <Answer of={live}>
          {(seen) =>
            seen.items.length > 0 ? (
              <>
                {seen.skipped > 0 && (
                  <p className="soft">{t("events.skipped", { n: format.count(seen.skipped) })}</p>
                )}
                <ol className="events">
                  {seen.items.map((item) => (
                    <One key={item.number} item={item} />
                  ))}
                </ol>
              </>
            ) : (
              <Empty title={t("events.empty")} next={t("events.empty_next")} />
            )
          }
        </Answer>
      </section>
    </>
  );
}

function Filters() {
  const { t } = useTranslation();
  const [{ verdict, source, q }, setView] = useView(page);
  const names = (useActivity().data?.items ?? []).map((row) => row.name);
  return (
    <div className="events-filters">
      <Segmented
        value={verdict}
        onChange={(chosen) => setView({ verdict: chosen })}
        options={VERDICTS.map((value) => ({ value, label: t(`events.show.${value}`) }))}
      />
      <Select
        aria-label={t("events.source")}
        allowClear
        placeholder={t("events.every_source")}
        value={source || undefined}
        onChange={(chosen) => setView({ source: chosen ?? "" })}
        options={names.map((value) => ({ value, label: value }))}
      />
      <Input.Search
        aria-label={t("events.search")}
        key={q}
        allowClear
        defaultValue={q}
        placeholder={t("events.search")}
        onSearch={(text) => setView({ q: text.trim() })}
      />
    </div>
  );
}

function One({ item }: { item: Numbered }) {
  const { t } = useTranslation();
  const format = useFormat();
  const refused = item.verdict === "refused";
  return (
    <li data-verdict={item.verdict}>
      <details>
        <summary>
          <span className="events-verdict">{t(`events.verdicts.${item.verdict}`)}</span>
          <time dateTime={item.received_at}>{format.clock(item.received_at)}</time>
          <b>{refused ? t(`events.reasons.${item.reason}`) : item.event}</b>
          <span className="soft">{item.source}</span>
          <span className="soft events-who">{item.identifiers?.[0]}</span>
        </summary>
        <Details item={item} />
      </details>
    </li>
  );
}

function Details({ item }: { item: Numbered }) {
  const { t } = useTranslation();
  const format = useFormat();
  const body = item.text ? pretty(item.text) : JSON.stringify(item.properties ?? {}, null, 2);
  return (
    <div className="events-details">
      {item.detail && (
        <p>
          <Said text={item.detail} />
        </p>
      )}
      <dl className="facts">
        <dt>{t("events.message_id")}</dt>
        <dd>{item.message_id || "–"}</dd>
        {item.at && (
          <>
            <dt>{t("events.at")}</dt>
            <dd>{format.moment(item.at)}</dd>
          </>
        )}
        {item.identifiers && item.identifiers.length > 0 && (
          <>
            <dt>{t("events.identifiers")}</dt>
            <dd>{item.identifiers.join(", ")}</dd>
          </>
        )}
        {item.marks && item.marks.length > 0 && (
          <>
            <dt>{t("events.marks_name")}</dt>
            <dd>{item.marks.map((mark) => t(`events.marks.${mark}`)).join(", ")}</dd>
          </>
        )}
      </dl>
      <pre>{body}</pre>
      {item.verdict === "refused" && (
        <Link
          to={"/quarantine" as never}
          search={{ source: item.source, reason: item.reason } as never}
        >
          {t("events.mend")}
        </Link>
      )}
    </div>
  );
}
