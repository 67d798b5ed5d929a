import { type RefObject, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../shell/Told";
import type { Shade } from "../shell/theme";
import { CHINA } from "./Crumbs";
import { Drawing, type Listener, type Marked, type Pointed } from "./drawing";
import type { Answer } from "./figures";
import { OUTLINED } from "./layers";
import { Numbers } from "./Numbers";
import { useNames } from "./names";
import type { Ground, Shapes } from "./shapes";
import { type Box, spotOf, written } from "./view";

export interface Handle {
  fit: (box: Box) => void;
  picture: () => Promise<HTMLCanvasElement>;
}

interface Props {
  ref: RefObject<Handle | null>;
  at: string;
  ground: Ground;
  shapes: Shapes | undefined;
  answer: Answer | undefined;
  hovered: string | undefined;
  chosen: string | undefined;
  shade: Shade;
  onMove: (at: string) => void;
  onHover: (id: string | undefined) => void;
  onChoose: (id: string | undefined) => void;
}

/** The map itself, kept in step with what is known; tells what is pointed at. */
export function Canvas(props: Props) {
  const { ref, ground, shapes, answer, hovered, chosen, shade } = props;
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing>();
  const [failed, setFailed] = useState<unknown>();
  const [pointed, setPointed] = useState<Pointed>();
  const [drawn, setDrawn] = useState("");
  const latest = useRef(props);
  latest.current = props;
  const wrote = useRef(props.at);

  useEffect(() => {
    const container = place.current;
    if (!container) return;
    const { at, shade, ground } = latest.current;
    const listener: Listener = {
      moved: (spot, box) => {
        const size = { width: container.clientWidth, height: container.clientHeight };
        ground.look({ spot, box, size });
        const now = written(spot);
        // The first picture is where the address says, or all of China: nothing to note.
        if (wrote.current === now || !moved.current) return;
        wrote.current = now;
        latest.current.onMove(now);
      },
      hovered: (at) => {
        setPointed(at);
        latest.current.onHover(at?.id);
      },
      clicked: (id) => latest.current.onChoose(id),
    };
    const moved = { current: false };
    try {
      const start = { spot: spotOf(at), box: CHINA, shade, words: words(t) };
      const made = new Drawing(container, start, listener);
      made.map.on("movestart", () => {
        moved.current = true;
      });
      setDrawing(made);
      return () => {
        setDrawing(undefined);
        made.remove();
      };
    } catch (error) {
      setFailed(error);
    }
  }, [t]);

  useEffect(() => {
    const spot = spotOf(props.at);
    if (!drawing || props.at === wrote.current) return;
    wrote.current = props.at;
    if (spot) drawing.go(spot, still());
    else drawing.fit(CHINA, still());
  }, [drawing, props.at]);

  useEffect(() => drawing?.shade(shade), [drawing, shade]);

  const { outlines } = ground;
  const sent = useRef(new Map<Drawing, Set<object>>());
  useEffect(() => {
    if (!drawing) return;
    const done = sent.current.get(drawing) ?? new Set();
    sent.current.set(drawing, done);
    for (const layer of ["world", ...OUTLINED] as const) {
      const found = outlines[layer];
      if (found && !done.has(found)) void drawing.outline(layer, found);
      if (found) done.add(found);
    }
  }, [drawing, outlines]);

  useEffect(() => {
    if (!drawing || !shapes || !answer) return;
    const work = [
      drawing.paint(shapes.level, shapes.spotted),
      drawing.cells(shapes.cells),
      drawing.countries(shapes.circles),
      drawing.names(shapes.named),
    ];
    void Promise.all(work).then(() => setDrawn(`${answer.level} ${answer.as_of}`));
  }, [drawing, shapes, answer]);

  const marked = useMemo(() => marksOf(shapes, hovered, chosen), [shapes, hovered, chosen]);
  useEffect(() => {
    if (drawing) void drawing.mark(marked);
  }, [drawing, marked]);

  useImperativeHandle(
    ref,
    () => ({
      fit: (box) => drawing?.fit(box, still()),
      picture: () =>
        drawing ? drawing.picture() : Promise.reject(new Error("there is no map yet")),
    }),
    [drawing],
  );

  if (failed) return <Failure error={failed} />;
  return (
    <div className="map-canvas" data-drawn={drawn}>
      <div ref={place} className="map-place" />
      {ground.error !== null && ground.error !== undefined && (
        <div className="map-over">
          <Failure error={ground.error} />
        </div>
      )}
      {pointed && <Card at={pointed} answer={answer} within={place.current} />}
    </div>
  );
}

function words(t: (key: string) => string): Record<string, string> {
  return {
    "Map.Title": t("map.canvas"),
    "NavigationControl.ZoomIn": t("map.zoom_in"),
    "NavigationControl.ZoomOut": t("map.zoom_out"),
    "ScaleControl.Meters": "m",
    "ScaleControl.Kilometers": "km",
  };
}

function still(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function marksOf(
  shapes: Shapes | undefined,
  hovered: string | undefined,
  chosen: string | undefined,
): Marked[] {
  const ids = chosen === hovered ? [chosen] : [chosen, hovered];
  return ids.flatMap((id): Marked[] => {
    if (!id || !shapes) return [];
    const properties = { chosen: id === chosen };
    const circle = shapes.circleOf(id);
    if (circle) {
      const geometry = { type: "Point" as const, coordinates: circle.at };
      return [
        { type: "Feature", geometry, properties: { ...properties, radius: circle.radius + 2 } },
      ];
    }
    const area = shapes.shapeOf(id);
    return area ? [{ type: "Feature", geometry: area.geometry, properties }] : [];
  });
}

const CARD = { width: 250, height: 300 };

/** The numbers of what is under the pointer. */
function Card({
  at,
  answer,
  within,
}: {
  at: Pointed;
  answer: Answer | undefined;
  within: HTMLElement | null;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const area = answer?.areas.find((one) => one.id === at.id);
  const left =
    at.x + 16 + CARD.width > (within?.clientWidth ?? 0) ? at.x - 16 - CARD.width : at.x + 16;
  const top = Math.max(8, Math.min(at.y + 12, (within?.clientHeight ?? 0) - CARD.height));
  if (!area) return null;
  return (
    <div className="map-card panel" style={{ left: Math.max(8, left), top, width: CARD.width }}>
      <h3>{names(area)}</h3>
      <Numbers area={area} />
      <p className="soft">{t("map.card_hint")}</p>
    </div>
  );
}
