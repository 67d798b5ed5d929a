import { Button, Input } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { type Answer, answered } from "./asked";
import { addressOf, clicksOf, FEWEST, originOf, pathAsked, WINDOW } from "./onPage";
import type { Body } from "./parameters";

const PATIENCE_MS = 15_000;
const FRESH_SECONDS = 60;
const PHONE = "popup,width=390,height=844";

interface State {
  at: "idle" | "waiting" | "blocked" | "silent" | "shown" | "elsewhere" | "failed";
  /** A path, an origin, or why it failed. */
  said: string;
}

/** Opens a page of one's own with the clicks on it.
 *
 * They are handed from this window to that one, and to no origin but that of the address. */
export function OnPage({ title, answer, asked }: { title: string; answer: Answer; asked: Body }) {
  const { t } = useTranslation();
  const [address, put] = useState(() => addressOf(answer));
  const opened = useRef<Window | null>(null);
  const [state, turn] = useState<State>({ at: "idle", said: "" });
  const tell = useTold(title);
  const origin = originOf(address);

  useEffect(() => {
    const ended = new AbortController();
    const listen = async ({ source, origin: from, data }: MessageEvent) => {
      const path = pathAsked(data);
      if (path === undefined || source === null || source !== opened.current) return;
      if (from !== origin) return turn({ at: "elsewhere", said: from });
      const question = { ...asked, page: path };
      try {
        const found = await answered("click_map", question, FRESH_SECONDS, ended.signal);
        opened.current?.postMessage({ hotspring: "clicks", path, clicks: tell(found) }, from);
        turn({ at: "shown", said: path });
      } catch (error) {
        if (!ended.signal.aborted) turn({ at: "failed", said: String((error as Error).message) });
      }
    };
    addEventListener("message", listen);
    return () => {
      removeEventListener("message", listen);
      ended.abort();
    };
  }, [origin, asked, tell]);

  useEffect(() => {
    if (state.at !== "waiting") return;
    const timer = setTimeout(() => turn({ at: "silent", said: location.origin }), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const show = () => {
    opened.current = window.open(address, WINDOW, asked.device === "mobile" ? PHONE : undefined);
    turn({ at: opened.current ? "waiting" : "blocked", said: "" });
  };
  return (
    <section className="panel analytics-on-page" aria-label={t("analytics.on_page.title")}>
      <h2>{t("analytics.on_page.title")}</h2>
      <p className="soft">{t("analytics.on_page.about", { k: FEWEST })}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          show();
        }}
      >
        <Input
          aria-label={t("analytics.on_page.address")}
          placeholder="https://"
          value={address}
          onChange={({ target }) => put(target.value)}
        />
        <Button htmlType="submit" disabled={origin === undefined}>
          {t("analytics.on_page.open")}
        </Button>
      </form>
      <p role="status" data-on-page={state.at}>
        {state.at === "failed" ? (
          <Said text={state.said} />
        ) : (
          state.at !== "idle" && t(`analytics.on_page.${state.at}`, { said: state.said })
        )}
      </p>
    </section>
  );
}

/** An answer in words and numbers of this page. */
function useTold(title: string): (answer: Answer) => ReturnType<typeof clicksOf> {
  const { t } = useTranslation();
  const format = useFormat();
  return useCallback(
    (answer: Answer) => {
      const { count } = format;
      return clicksOf(answer, {
        title,
        period: t("analytics.period", { from: answer.from, until: answer.until }),
        sums: (clicks, views) =>
          t("analytics.on_page.sums", { clicks: count(clicks), views: count(views) }),
        few: t("analytics.on_page.few", { k: FEWEST }),
        withheld: (many) => t("analytics.on_page.withheld", { count: many, k: FEWEST }),
        missing: t("analytics.on_page.missing"),
        close: t("analytics.on_page.close"),
        count,
        seen: (share) => t("analytics.on_page.seen", { share: format.percent(share) }),
      });
    },
    [t, format, title],
  );
}
