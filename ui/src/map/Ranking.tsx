import { SortAscendingOutlined, SortDescendingOutlined } from "@ant-design/icons";
import { Button } from "antd";
import Input from "antd/es/input/Input";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { BandShape, bandOf } from "../shell/Temperature";
import { type Figures, ranked, tells } from "./figures";
import type { Colouring } from "./view";

const HEADS = {
  mean: "map.mean",
  hot: "map.colourings.hot",
  count: "map.mean",
  change: "map.colourings.change",
} as const;
const FIRST = 50;
const MANY = 12;

interface Props {
  areas: Figures[];
  /** All there are, of which those without figures are listed too. */
  silent?: { id: string; name: string }[];
  names: (area: Figures) => string;
  colouring: Colouring;
  hovered: string | undefined;
  chosen: string | undefined;
  onHover: (id: string | undefined) => void;
  onChoose: (id: string) => void;
}

/** The areas in order, each to be pointed at and chosen by pointer or keyboard. */
export function Ranking(props: Props) {
  const { areas, silent, names, colouring, hovered, chosen, onHover, onChoose } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const [falling, setFalling] = useState(true);
  const [shown, setShown] = useState(FIRST);
  const [search, setSearch] = useState("");
  const order = useMemo(() => ranked(areas, colouring, falling), [areas, colouring, falling]);
  const found = search
    ? order.filter((one) => names(one).toLowerCase().includes(search.toLowerCase()))
    : order;
  const told = new Set(areas.map((one) => one.id));
  const without = (silent ?? []).filter(
    (one) => !told.has(one.id) && one.name.toLowerCase().includes(search.toLowerCase()),
  );
  const value = (area: Figures) => {
    if (colouring === "mean") {
      return (
        <>
          <BandShape band={bandOf(area.mean)} size={9} /> {format.degrees(area.mean)}
        </>
      );
    }
    if (colouring === "change") return format.change(area.change ?? 0);
    return colouring === "hot" ? format.percent(tells(area, "hot")) : format.degrees(area.mean);
  };
  const order_label = t(falling ? "map.rising" : "map.falling");
  return (
    <>
      <div className="map-rank-head">
        <h2>{t("map.ranking")}</h2>
        {areas.length > MANY && (
          <Input
            allowClear
            size="small"
            value={search}
            placeholder={t("map.find")}
            aria-label={t("map.find")}
            onChange={(event) => setSearch(event.target.value)}
          />
        )}
        <Button
          size="small"
          icon={falling ? <SortDescendingOutlined /> : <SortAscendingOutlined />}
          aria-label={order_label}
          title={order_label}
          onClick={() => setFalling(!falling)}
        />
      </div>
      <table className="map-ranking">
        <thead>
          <tr>
            <th scope="col">{t("map.area")}</th>
            <th scope="col" className="number">
              {t(HEADS[colouring])}
            </th>
            <th scope="col" className="number">
              {t("map.profiles")}
            </th>
          </tr>
        </thead>
        <tbody>
          {found.slice(0, shown).map((area) => (
            <tr
              key={area.id}
              data-area={area.id}
              className={area.id === hovered ? "map-hovered" : undefined}
              aria-current={area.id === chosen || undefined}
              onMouseEnter={() => onHover(area.id)}
              onMouseLeave={() => onHover(undefined)}
            >
              <th scope="row">
                <button
                  type="button"
                  onClick={() => onChoose(area.id)}
                  onFocus={() => onHover(area.id)}
                  onBlur={() => onHover(undefined)}
                >
                  {names(area)}
                </button>
              </th>
              <td className="number">{value(area)}</td>
              <td className="number">{format.count(area.profiles)}</td>
            </tr>
          ))}
          {without.map(({ id, name }) => (
            <tr
              key={id}
              data-area={id}
              className={id === hovered ? "map-hovered" : undefined}
              aria-current={id === chosen || undefined}
              onMouseEnter={() => onHover(id)}
              onMouseLeave={() => onHover(undefined)}
            >
              <th scope="row">
                <button
                  type="button"
                  onClick={() => onChoose(id)}
                  onFocus={() => onHover(id)}
                  onBlur={() => onHover(undefined)}
                >
                  {name}
                </button>
              </th>
              <td className="number soft" colSpan={2}>
                {t("map.no_figures")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.length > shown && (
        <Button type="link" onClick={() => setShown(shown + FIRST)}>
          {t("map.more", { rest: format.count(found.length - shown) })}
        </Button>
      )}
    </>
  );
}
