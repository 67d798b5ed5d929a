import { useQuery } from "@tanstack/react-query";
import { Alert, Segmented } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { Chart } from "../charts/Chart";
import { useSpoken } from "../i18n";
import { type Formats, useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { useView } from "../shell/page";
import { Rows } from "../shell/Rows";
import { Answer, Empty } from "../shell/Told";
import { BAND_COLOURS, COLOURS, type Shade } from "../shell/theme";
import type { Person } from "./Profile";
import { one } from "./page";

const DAY_MS = 86_400_000;
const POINTS = 240;
const RANGES = ["30", "90", "365"] as const;
/** The forecast goes beyond the next band, within these bounds of the range that is shown. */
const [LEAST_AHEAD, MOST_AHEAD] = [1 / 3, 1];

interface Reading {
  at: string;
  temperature: number;
}

interface Contribution {
  rule: string;
  title?: { zh?: string; en?: string };
  events: number;
  last_at: string;
  energy: number;
  share: number;
}

/** How warm they were and will be, and what made them so. */
export function Heat({ person }: { person: Person }) {
  return (
    <>
      <Curve person={person} />
      <Contributions id={person.id} />
    </>
  );
}

/** Until when the forecast goes, in ms. */
export function horizon(now: number, days: number, nextBandAt: string | null): number {
  const next = nextBandAt ? (new Date(nextBandAt).getTime() - now) * 1.15 : 0;
  const range = days * DAY_MS;
  return now + Math.min(Math.max(next, range * LEAST_AHEAD), range * MOST_AHEAD);
}

function useCurve(person: Person, days: number) {
  const key = person.id;
  return useQuery({
    queryKey: ["profile", key, "curve", days],
    staleTime: 30_000,
    queryFn: async () => {
      const now = new Date(person.as_of).getTime();
      const to = horizon(now, days, person.next_band_at);
      const ask = (from: number, until: number) => {
        const query = {
          from: new Date(from).toISOString(),
          to: new Date(until).toISOString(),
          points: POINTS,
        };
        return told(
          api.GET("/api/profiles/{key}/temperature", { params: { path: { key }, query } }),
        );
      };
      const [past, future] = await Promise.all([ask(now - days * DAY_MS, now), ask(now, to)]);
      return {
        past: past.points as unknown as Reading[],
        future: future.points as unknown as Reading[],
        keptUntil: past.kept_until,
      };
    },
  });
}

function Curve({ person }: { person: Person }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [view, setView] = useView(one);
  const curve = useCurve(person, Number(view.days));
  return (
    <section className="panel" aria-labelledby="curve">
      <div className="title">
        <h2 id="curve">{t("profiles.curve")}</h2>
        <div className="actions">
          <Segmented
            value={view.days}
            onChange={(days) => setView({ days }, { replace: true })}
            aria-label={t("profiles.range")}
            options={RANGES.map((days) => ({ value: days, label: t("profiles.days", { days }) }))}
          />
        </div>
        <p>{t("profiles.restated")}</p>
      </div>
      <Answer of={curve}>
        {(data) => (
          <>
            {data.keptUntil && (
              <Alert
                type="info"
                showIcon
                title={t("profiles.kept_until", { at: format.moment(data.keptUntil) })}
              />
            )}
            <Drawn past={data.past} future={data.future} />
          </>
        )}
      </Answer>
    </section>
  );
}

function Drawn({ past, future }: { past: Reading[]; future: Reading[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const words = useMemo(() => ({ past: t("profiles.past"), future: t("profiles.forecast") }), [t]);
  const option = useMemo(
    () => drawing(past, future, shade, format, words),
    [past, future, shade, format, words],
  );
  const numbers = useMemo(() => {
    const rows = (of: Reading[], kind: string) =>
      of.map(({ at, temperature }) => [format.moment(at), temperature, kind]);
    const columns = [t("profiles.at"), `${t("profiles.temperature")} (°C)`, t("profiles.kind")];
    return { columns, rows: [...rows(past, words.past), ...rows(future, words.future)] };
  }, [past, future, words, format, t]);
  return <Chart title={t("profiles.curve")} option={option} numbers={numbers} height={300} />;
}

function drawing(
  past: Reading[],
  future: Reading[],
  shade: Shade,
  format: Formats,
  words: { past: string; future: string },
) {
  const bands = BAND_COLOURS[shade];
  const { ink = "", soft = "" } = COLOURS[shade];
  const points = (of: Reading[]) =>
    of.map(({ at, temperature }) => [new Date(at).getTime(), temperature]);
  const line = { type: "line", showSymbol: false, symbol: "circle" };
  const area = (from: number, to: number, color: string) => [
    { yAxis: from, itemStyle: { color, opacity: 0.09 } },
    { yAxis: to },
  ];
  return {
    grid: { left: 60, right: 16, top: 32, bottom: 32 },
    legend: { top: 0, left: 0, icon: "roundRect", data: [words.past, words.future] },
    tooltip: {
      trigger: "axis",
      valueFormatter: (value: unknown) => format.degrees(Number(value)),
      axisPointer: { label: { formatter: ({ value }: { value: number }) => format.moment(value) } },
    },
    xAxis: {
      type: "time",
      axisLabel: { formatter: (ms: number) => format.day(ms).slice(5), hideOverlap: true },
    },
    yAxis: {
      type: "value",
      min: -40,
      max: 100,
      interval: 20,
      axisLabel: { formatter: (value: number) => `${format.number(value, 0)} °C` },
    },
    series: [
      {
        ...line,
        name: words.past,
        data: points(past),
        lineStyle: { color: ink, width: 2 },
        itemStyle: { color: ink },
        markArea: {
          silent: true,
          data: [
            area(80, 100, bands.hot.fill),
            area(50, 80, bands.warm.fill),
            area(0, 50, bands.cool.fill),
            area(-40, 0, bands.cold.fill),
          ],
        },
      },
      {
        ...line,
        name: words.future,
        data: points(future),
        lineStyle: { color: soft, width: 2, type: "dashed" },
        itemStyle: { color: soft },
      },
    ],
  };
}

function Contributions({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const parts = useQuery({
    queryKey: ["profile", id, "contributions"],
    queryFn: () => {
      const params = { path: { key: id } };
      return told(api.GET("/api/profiles/{key}/contributions", { params })) as unknown as Promise<{
        items: Contribution[];
      }>;
    },
  });
  const language = useSpoken();
  return (
    <section className="panel" aria-labelledby="contributions">
      <h2 id="contributions">{t("profiles.contributions")}</h2>
      <Answer of={parts}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t("profiles.no_heat")} next={t("profiles.no_heat_next")} />
          ) : (
            <Rows
              label={t("profiles.contributions")}
              rows={items}
              rowKey={(one) => one.rule}
              height="none"
              columns={[
                {
                  key: "rule",
                  title: t("profiles.rule"),
                  width: 200,
                  show: (one) => one.title?.[language] || one.rule,
                },
                {
                  key: "share",
                  title: t("profiles.share"),
                  width: 130,
                  show: (one) => <Share of={one} />,
                },
                {
                  key: "events",
                  title: t("profiles.events"),
                  width: 90,
                  number: true,
                  show: (one) => format.count(one.events),
                },
                {
                  key: "last",
                  title: t("profiles.last_at"),
                  show: (one) => format.moment(one.last_at),
                },
                {
                  key: "energy",
                  title: t("profiles.energy"),
                  width: 110,
                  number: true,
                  show: (one) => format.number(one.energy),
                },
              ]}
            />
          )
        }
      </Answer>
    </section>
  );
}

function Share({ of }: { of: Contribution }) {
  const format = useFormat();
  const width = `${Math.min(Math.abs(of.share), 1) * 50}%`;
  return (
    <span className="profiles-share">
      <span className={of.energy < 0 ? "cooling" : undefined} style={{ width }} />
      {format.percent(of.share)}
    </span>
  );
}
