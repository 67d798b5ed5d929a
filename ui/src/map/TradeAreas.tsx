import { EditOutlined, UploadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { useMay } from "../shell/session";
import type { TradeArea, useAreaEdits } from "./areas";

const AreaFile = lazy(() => import("./AreaFile"));

interface Props {
  items: TradeArea[];
  coloured: boolean;
  edits: ReturnType<typeof useAreaEdits>;
  draw: () => void;
  colour: () => void;
}

/** How many trade areas there are, and how more come. */
export function TradeAreas({ items, coloured, edits, draw, colour }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay("analyst");
  const [importing, setImporting] = useState(false);
  return (
    <section className="panel map-areas" aria-labelledby="areas">
      <h2 id="areas">{t("map.areas")}</h2>
      <p className="soft">
        {items.length > 0
          ? t("map.areas_count", { areas: format.count(items.length) })
          : !coloured && t("map.areas_none")}
        {!may && ` ${t("map.areas_read_only")}`}
      </p>
      <div className="map-buttons">
        {may && (
          <>
            <Button size="small" icon={<EditOutlined />} onClick={draw}>
              {t("map.areas_draw")}
            </Button>
            <Button
              size="small"
              icon={<UploadOutlined />}
              aria-expanded={importing}
              onClick={() => setImporting(!importing)}
            >
              {t("map.areas_import")}
            </Button>
          </>
        )}
        {!coloured && items.length > 0 && (
          <Button size="small" onClick={colour}>
            {t("map.areas_colour")}
          </Button>
        )}
      </div>
      {may && importing && (
        <Suspense fallback={null}>
          <AreaFile bring={edits.bring} done={colour} />
        </Suspense>
      )}
    </section>
  );
}
