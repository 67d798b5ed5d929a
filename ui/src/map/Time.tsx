import {
  CaretRightOutlined,
  PauseOutlined,
  StepBackwardOutlined,
  StepForwardOutlined,
} from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Select, Slider } from "antd";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useFormat } from "../shell/format";
import type { View } from "./view";

const Progress = lazy(() => import("antd/es/progress"));

const STEP_MS = 1_200;
const LOOK_MS = 1_500;

/** The past days there are, and whether their maps are drawn yet. */
export function useDays(wanted: boolean) {
  return useQuery({
    queryKey: ["map", "days"],
    queryFn: () => told(api.GET("/api/map/days")),
    enabled: wanted,
    refetchInterval: (query) => ((query.state.data?.drawn ?? 0) < 1 ? LOOK_MS : 60_000),
  });
}

interface Props {
  view: View;
  /** Is the map of the chosen day shown already? */
  shown: boolean;
  change: (patch: Partial<View>, how?: { replace?: boolean }) => void;
}

/** The past 30 days, one by one or as they went by, and what changed between two of them. */
export function Time({ view, shown, change }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [playing, setPlaying] = useState(false);
  const days = useDays(true);
  const moments = [...(days.data?.days ?? [])].sort();
  const last = moments.length;
  const found = moments.indexOf(view.past);
  const at = view.past && found >= 0 ? found : last;
  const name = (moment: string | undefined) => (moment ? dayOf(moment, format.day) : t("map.now"));
  const go = (next: number, replace = false) => change({ past: moments[next] ?? "" }, { replace });
  useEffect(() => {
    if (!playing || !shown || last === 0) return;
    const timer = setTimeout(() => {
      if (at >= last) setPlaying(false);
      else change({ past: moments[at + 1] ?? "" }, { replace: true });
    }, STEP_MS);
    return () => clearTimeout(timer);
  });
  if (last === 0) return null;
  const drawn = days.data?.drawn ?? 0;
  const waiting = !shown && (view.past || view.since) && drawn < 1;
  const play = () => {
    if (at >= last) go(0, true);
    setPlaying(!playing);
  };
  return (
    <section className="map-time" aria-label={t("map.time")}>
      <Button
        icon={<StepBackwardOutlined />}
        aria-label={t("map.day_before")}
        disabled={at === 0}
        onClick={() => go(at - 1)}
      />
      <Button
        icon={playing ? <PauseOutlined /> : <CaretRightOutlined />}
        aria-label={t(playing ? "map.stop_playing" : "map.play")}
        onClick={play}
      />
      <Button
        icon={<StepForwardOutlined />}
        aria-label={t("map.day_after")}
        disabled={at >= last}
        onClick={() => go(at + 1)}
      />
      <Slider
        min={0}
        max={last}
        value={at}
        onChange={(next) => go(next, true)}
        tooltip={{ formatter: (value) => name(moments[value ?? last]) }}
        ariaLabelForHandle={t("map.time")}
        ariaValueTextFormatterForHandle={(value) => name(moments[value])}
      />
      <b className="map-day">{name(moments[at])}</b>
      <Select
        aria-label={t("map.compared")}
        value={view.since}
        onChange={(since) => change({ since })}
        options={[
          { value: "", label: t("map.uncompared") },
          ...moments
            .slice(0, at)
            .reverse()
            .map((value) => ({ value, label: t("map.since", { day: name(value) }) })),
        ]}
      />
      {waiting && (
        <span className="map-drawing" role="status">
          {t("map.drawing")}{" "}
          <Suspense fallback={null}>
            <Progress percent={Math.round(drawn * 100)} size="small" />
          </Suspense>
        </span>
      )}
      {shown && (view.past || view.since) && <span className="soft">{t("map.restated")}</span>}
    </section>
  );
}

/** The day whose end a moment is. */
function dayOf(moment: string, day: (moment: number) => string): string {
  return day(new Date(moment).getTime() - 1);
}
