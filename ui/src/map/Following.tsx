import { CaretRightOutlined, PauseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Pulse } from "./live";

const TICK_MS = 1_000;

interface Props {
  pulse: Pulse;
  as_of: string | undefined;
  paused: boolean;
  pause: () => void;
}

/** How fresh the map is, and whether it goes on by itself. */
export function Following({ pulse, as_of, paused, pause }: Props) {
  const { t } = useTranslation();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const age = as_of ? Math.max(0, Math.round((now - Date.parse(as_of)) / 1000)) : undefined;
  const state = paused ? "paused" : pulse;
  const label = t(paused ? "map.go_on" : "map.pause");
  return (
    <span className="map-following" data-pulse={state}>
      <span className="map-dot" aria-hidden="true" />
      {t(`map.pulse.${state}`)}
      {age !== undefined && <span className="soft">{t("map.age", { seconds: age })}</span>}
      <Button
        size="small"
        type="text"
        icon={paused ? <CaretRightOutlined /> : <PauseOutlined />}
        aria-label={label}
        title={label}
        onClick={pause}
      />
    </span>
  );
}
