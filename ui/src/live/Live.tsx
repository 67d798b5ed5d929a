import { PauseOutlined, PlayCircleOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { Empty } from "../shell/Told";
import { Minutes, Sales } from "./Minutes";
import { type Frame, useClock, useFrames } from "./stream";
import { Places, Top } from "./Top";
import "./live.css";

/** What happens now: the last 30 minutes, followed as they go. */
export default function Live(): React.JSX.Element {
  const { t, i18n } = useTranslation();
  const [paused, pause] = useState(false);
  const { frame, broken } = useFrames(i18n.language === "en" ? "en" : "zh", paused);
  return (
    <>
      <div className="title">
        <h1>{t("live.title")}</h1>
        <div className="actions">
          <Button
            type={paused ? "primary" : "default"}
            icon={paused ? <PlayCircleOutlined /> : <PauseOutlined />}
            onClick={() => pause(!paused)}
          >
            {t(paused ? "live.go_on" : "live.pause")}
          </Button>
        </div>
        <p>{t("live.about")}</p>
        <Fresh {...{ frame, broken, paused }} />
      </div>
      {!frame && <Skeleton active />}
      {frame && (frame.totals.events === 0 ? <Nothing /> : <Shown frame={frame} />)}
    </>
  );
}

interface Freshness {
  frame?: Frame;
  broken: boolean;
  paused: boolean;
}

/** How old is what is shown? */
function Fresh({ frame, broken, paused }: Freshness) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useClock(!paused);
  if (!frame)
    return <p className="soft">{t(broken ? "live.waiting" : "live.connecting", { at: "–" })}</p>;
  const at = format.clock(frame.as_of);
  if (paused) return <p role="status">{t("live.paused", { at })}</p>;
  if (broken) return <Alert type="warning" showIcon title={t("live.waiting", { at })} />;
  // The clock of the server may be a little ahead.
  const ago = format.seconds(Math.max(0, (now - Date.parse(frame.as_of)) / 1_000));
  return (
    <p className="soft live-clock" data-fresh>
      {t("live.as_of", { at, ago })}
      {frame.from > (frame.minutes[0]?.at ?? "") &&
        ` · ${t("live.partial", { at: format.clock(frame.from) })}`}
    </p>
  );
}

function Nothing() {
  const { t } = useTranslation();
  return (
    <section className="panel">
      <Empty
        title={t("live.empty")}
        next={t("live.empty_next")}
        action={
          <Link to={"/sources" as never}>
            <Button type="primary">{t("live.to_sources")}</Button>
          </Link>
        }
      />
    </section>
  );
}

const COUNTED = ["events", "people", "passers_by", "orders"] as const;

function Shown({ frame }: { frame: Frame }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { totals, currency } = frame;
  return (
    <>
      <section className="panel" aria-labelledby="live-totals">
        <h2 id="live-totals">{t("live.totals")}</h2>
        <dl className="live-totals">
          {COUNTED.map((name) => (
            <div key={name} data-figure={name}>
              <dt>{t(`live.${name}`)}</dt>
              <dd>{format.count(totals[name])}</dd>
            </div>
          ))}
          <div data-figure="revenue">
            <dt>{t("live.revenue", { currency })}</dt>
            <dd>{format.number(totals.revenue)}</dd>
          </div>
        </dl>
        <p className="soft">{t("live.passers_note")}</p>
      </section>
      <div className="panels">
        <Minutes frame={frame} />
        <Sales frame={frame} />
      </div>
      <div className="panels">
        <Top name="pages" rows={frame.pages} />
        <Top name="sources" rows={frame.sources} note={t("live.sources_note")} />
      </div>
      <div className="panels">
        <Top name="channels" rows={frame.channels} />
        <Top name="names" rows={frame.names} />
      </div>
      <Places frame={frame} />
    </>
  );
}
