import { AimOutlined, CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  title: string;
  /** Brings it into view as large as it fits, where it has an outline. */
  enter?: (() => void) | undefined;
  close: () => void;
  children: ReactNode;
}

/** What is chosen on the map, beside it. */
export function Card({ title, enter, close, children }: Props) {
  const { t } = useTranslation();
  return (
    <section className="panel map-chosen" aria-label={title}>
      <div className="map-rank-head">
        <h2>{title}</h2>
        {enter && (
          <Button size="small" icon={<AimOutlined />} onClick={enter}>
            {t("map.enter")}
          </Button>
        )}
        <Button
          size="small"
          type="text"
          icon={<CloseOutlined />}
          aria-label={t("map.close")}
          onClick={close}
        />
      </div>
      {children}
    </section>
  );
}
