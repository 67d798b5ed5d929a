import { AimOutlined, CloseOutlined, FilterOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { OutletFacts } from "./OutletFacts";
import { type Outlet, reachOf } from "./outlets";
import { boxOf } from "./outlines";
import type { Box } from "./view";

interface Props {
  outlet: Outlet;
  filtered: boolean;
  filter: (on: boolean) => void;
  enter: (box: Box) => void;
  close: () => void;
}

/** The chosen outlet, and the map of those within its radius alone. */
export function OutletCard({ outlet, filtered, filter, enter, close }: Props) {
  const { t } = useTranslation();
  return (
    <section className="panel map-chosen" aria-label={outlet.name}>
      <div className="map-rank-head">
        <h2>{outlet.name}</h2>
        <Button size="small" icon={<AimOutlined />} onClick={() => enter(boxOf(reachOf(outlet)))}>
          {t("map.enter")}
        </Button>
        <Button
          size="small"
          type="text"
          icon={<CloseOutlined />}
          aria-label={t("map.close")}
          onClick={close}
        />
      </div>
      <OutletFacts outlet={outlet} bare />
      <div className="map-buttons">
        <Button
          size="small"
          icon={<FilterOutlined />}
          aria-pressed={filtered}
          type={filtered ? "primary" : "default"}
          onClick={() => filter(!filtered)}
        >
          {t("map.outlet.only")}
        </Button>
        <Link to={"/outlets" as never} search={{ part: "list", q: outlet.name } as never}>
          {t("map.outlet.in_list")}
        </Link>
      </div>
    </section>
  );
}
