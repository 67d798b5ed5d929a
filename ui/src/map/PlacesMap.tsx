import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSpoken } from "../i18n";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { Failure } from "../shell/Told";
import { words } from "./Canvas";
import { CHINA } from "./Crumbs";
import { colourOf, steps as stepsOf } from "./colours";
import { Drawing, type Pointed } from "./drawing";
import { Legend } from "./Legend";
import { useOutlines } from "./outlines";
import { circlesOf, namesOf } from "./shapes";
import "./map.css";

export interface Place {
  /** The code of a province or country. */
  id: string;
  name: string;
  profiles: number;
}

/** Provinces and countries by how many people are there, with no more to it than to look at. */
export default function PlacesMap({ places }: { places: Place[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useSpoken();
  const { shade } = useLook();
  const { place, drawing, pointed, failed } = useDrawing(language);
  const world = useOutlines("world");
  const province = useOutlines("province");
  const largest = Math.max(1, ...places.map((one) => one.profiles));
  const steps = useMemo(() => stepsOf("count", shade, largest), [shade, largest]);
  const [drawn, setDrawn] = useState("");

  useEffect(() => drawing?.shade(shade), [drawing, shade]);
  useEffect(() => {
    if (drawing && world.data) void drawing.outline("world", world.data);
  }, [drawing, world.data]);
  useEffect(() => {
    if (drawing && province.data) void drawing.outline("province", province.data);
  }, [drawing, province.data]);
  useEffect(() => {
    if (!drawing || !province.data) return;
    const colour = (one: Place) => colourOf(one.profiles, steps);
    const circles = circlesOf(places, colour);
    const work = [
      drawing.paint(
        "province",
        "province",
        places.map((one) => ({ id: one.id, colour: colour(one) })),
      ),
      drawing.countries(circles),
      drawing.names(namesOf(province.data, places, circles, language === "en")),
    ];
    void Promise.all(work).then(() => setDrawn(String(places.length)));
  }, [drawing, province.data, places, steps, language]);

  const error = failed ?? world.error ?? province.error;
  if (error) return <Failure error={error} />;
  const found = pointed && places.find((one) => one.id === pointed.id);
  return (
    <>
      <div className="map-canvas map-small" data-drawn={drawn}>
        <div ref={place} className="map-place" />
        {found && (
          <p className="map-tip panel" style={{ left: pointed.x, top: pointed.y }}>
            {found.name}: {t("map.people", { people: format.count(found.profiles) })}
          </p>
        )}
      </div>
      <Legend steps={steps} colouring="count" />
    </>
  );
}

/** A map of all China in an element of the page, and what is pointed at on it. */
function useDrawing(language: string) {
  const { t } = useTranslation();
  const { shade } = useLook();
  const first = useRef(shade);
  const place = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing>();
  const [pointed, point] = useState<Pointed>();
  const [failed, fail] = useState<unknown>();
  useEffect(() => {
    if (!place.current) return;
    const start = { box: CHINA, shade: first.current, language, words: words(t) };
    const nothing = () => {};
    const tell = { moved: nothing, hovered: point, clicked: nothing, sketched: nothing };
    try {
      const made = new Drawing(place.current, start, tell);
      // The wheel goes on moving the page.
      made.map.scrollZoom.disable();
      setDrawing(made);
      return () => {
        setDrawing(undefined);
        made.remove();
      };
    } catch (error) {
      fail(error);
    }
  }, [t, language]);
  return { place, drawing, pointed, failed };
}
