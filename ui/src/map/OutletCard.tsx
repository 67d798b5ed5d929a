import { FilterOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Card } from "./Card";
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
    <Card title={outlet.name} enter={() => enter(boxOf(reachOf(outlet)))} close={close}>
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
    </Card>
  );
}
