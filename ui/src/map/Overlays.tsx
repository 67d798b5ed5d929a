import { BorderOuterOutlined, ShopOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { View } from "./view";

/** What is drawn over the map: trade areas and outlets, each on or off. */
export function Overlays({ view, change }: { view: View; change: (patch: Partial<View>) => void }) {
  const { t } = useTranslation();
  const areas = view.areas === "on" || view.level === "area";
  const outlets = view.outlets === "on";
  return (
    <>
      <Button
        icon={<BorderOuterOutlined />}
        aria-pressed={areas}
        className={areas ? "map-on" : undefined}
        onClick={() =>
          change(
            areas
              ? { areas: "", ...(view.level === "area" ? { level: "auto" as const } : {}) }
              : { areas: "on" },
          )
        }
      >
        {t("map.areas")}
      </Button>
      <Button
        icon={<ShopOutlined />}
        aria-pressed={outlets}
        className={outlets ? "map-on" : undefined}
        onClick={() => change({ outlets: outlets ? "" : "on", ...(outlets ? { shop: "" } : {}) })}
      >
        {t("map.outlets")}
      </Button>
    </>
  );
}
