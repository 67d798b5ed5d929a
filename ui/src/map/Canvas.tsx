import {
  type ReactNode,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { STILL } from "../shell/media";
import { Failure } from "../shell/Told";
import type { Shade } from "../shell/theme";
import { CHINA } from "./Crumbs";
import { Drawing, type Listener, type Marked, type Pointed } from "./drawing";
import type { Answer, Figures } from "./figures";
import { OUTLINED } from "./layers";
import { Numbers } from "./Numbers";
import { useNames } from "./names";
import { OutletFacts } from "./OutletFacts";
import { type Outlet, reachOf } from "./outlets";
import type { Outline } from "./outlines";
import type { Ground, Shapes } from "./shapes";
import type { Sketch } from "./sketch";
import { type Box, spotOf, written } from "./view";

export interface Handle {
  fit: (box: Box) => void;
  picture: () => Promise<HTMLCanvasElement>;
}

interface Props {
  ref: RefObject<Handle | null>;
  at: string;
  /** Where it stands when the address names no place; all of China, if absent. */
  home: Box | undefined;
  ground: Ground;
  shapes: Shapes | undefined;
  answer: Answer | undefined;
  hovered: string | undefined;
  chosen: string | undefined;
  shade: Shade;
  onMove: (at: string) => void;
  /** Are the outlines of trade areas drawn over everything? */
  overlaid: boolean;
  sketch: Sketch | undefined;
  outlets: Outlet[] | undefined;
  /** The outlet whose radius is drawn. */
  shop: Outlet | undefined;
  /** Layers that were put beside the shipped outlines, and whether they are shown. */
  own: Outline[];
  owned: boolean;
  /** Stands on the map. */
  children?: ReactNode;
  onHover: (id: string | undefined) => void;
  onChoose: (id: string | undefined) => void;
  onSketch: (sketch: Sketch) => void;
  onShop: (id: string) => void;
}

/** The map itself, kept in step with what is known; tells what is pointed at. */
export function Canvas(props: Props) {
  const { ref, ground, shapes, answer, hovered, chosen, shade, overlaid, outlets, shop } = props;
  const { t, i18n } = useTranslation();
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
        latest.current.onHover(at?.outlet ? undefined : at?.id);
      },
      clicked: (id, outlet) =>
        outlet && id ? latest.current.onShop(id) : latest.current.onChoose(id),
      sketched: (sketch) => latest.current.onSketch(sketch),
    };
    const moved = { current: false };
    try {
      const { language } = i18n;
      const start = { spot: spotOf(at), box: CHINA, shade, language, words: words(t) };
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
  }, [t, i18n]);

  const { at, home } = props;
  useEffect(() => {
    if (!drawing) return;
    const [spot, before] = [spotOf(at), wrote.current];
    wrote.current = at;
    if (!spot && home) drawing.fit(home, still());
    else if (!spot && before) drawing.fit(CHINA, still());
    else if (spot && at !== before && at !== written(drawing.spot())) drawing.go(spot, still());
  }, [drawing, at, home]);

  useEffect(() => drawing?.shade(shade), [drawing, shade]);

  const { outlines } = ground;
  const sent = useRef(new Map<Drawing, Set<object>>());
  useEffect(() => {
    if (!drawing) return;
    const done = sent.current.get(drawing) ?? new Set();
    sent.current.set(drawing, done);
    for (const layer of ["world", ...OUTLINED, "area"] as const) {
      const found = outlines[layer];
      if (found && !done.has(found)) void drawing.outline(layer, found);
      if (found) done.add(found);
    }
  }, [drawing, outlines]);

  useEffect(() => {
    if (!drawing || !shapes || !answer) return;
    const work = [
      drawing.paint(shapes.level, shapes.under, shapes.spotted),
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

  useEffect(() => void drawing?.overlay(overlaid), [drawing, overlaid]);
  const { own, owned } = props;
  const [beneath, setBeneath] = useState<string>();
  useEffect(() => {
    const names = owned ? own.map((one) => one.name).join(" ") : "";
    void drawing?.own(own, owned).then(() => setBeneath(names));
  }, [drawing, own, owned]);
  useEffect(() => void drawing?.sketch(props.sketch), [drawing, props.sketch]);
  const sketching = props.sketch !== undefined;
  useEffect(() => {
    // On a phone the button that begins lies below the map.
    if (sketching) place.current?.scrollIntoView({ block: "nearest" });
  }, [sketching]);
  useEffect(() => void drawing?.outlets(outlets), [drawing, outlets]);
  useEffect(() => void drawing?.reach(shop && reachOf(shop)), [drawing, shop]);

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
    <div
      className="map-canvas"
      data-drawn={drawn}
      data-own={beneath}
      data-sketching={props.sketch ? "" : undefined}
    >
      <div ref={place} className="map-place" />
      {props.children}
      {ground.error !== null && ground.error !== undefined && (
        <div className="map-over">
          <Failure error={ground.error} />
        </div>
      )}
      {pointed && !props.sketch && (
        <Card at={pointed} within={place.current}>
          {pointed.outlet ? (
            <OutletFacts outlet={outlets?.find((one) => one.id === pointed.id)} />
          ) : (
            <AreaFacts area={answer?.areas.find((one) => one.id === pointed.id)} />
          )}
        </Card>
      )}
    </div>
  );
}

/** What the map itself says. */
export function words(t: (key: string) => string): Record<string, string> {
  return {
    "Map.Title": t("map.canvas"),
    "NavigationControl.ZoomIn": t("map.zoom_in"),
    "NavigationControl.ZoomOut": t("map.zoom_out"),
    "ScaleControl.Meters": "m",
    "ScaleControl.Kilometers": "km",
  };
}

function still(): boolean {
  return matchMedia(STILL).matches;
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

const CARD = { width: 270, height: 300 };

/** Stands beside the pointer. */
function Card({
  at,
  within,
  children,
}: {
  at: Pointed;
  within: HTMLElement | null;
  children: ReactNode;
}) {
  const left =
    at.x + 16 + CARD.width > (within?.clientWidth ?? 0) ? at.x - 16 - CARD.width : at.x + 16;
  const top = Math.max(8, Math.min(at.y + 12, (within?.clientHeight ?? 0) - CARD.height));
  return (
    <div className="map-card panel" style={{ left: Math.max(8, left), top, width: CARD.width }}>
      {children}
    </div>
  );
}

/** The numbers of the area under the pointer. */
function AreaFacts({ area }: { area: Figures | undefined }) {
  const { t } = useTranslation();
  const names = useNames();
  if (!area) return <span className="soft">{t("map.not_told")}</span>;
  return (
    <>
      <h3>{names(area)}</h3>
      <Numbers area={area} />
      <p className="soft">{t("map.card_hint")}</p>
    </>
  );
}
