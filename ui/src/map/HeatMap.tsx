import { FilterOutlined, GlobalOutlined } from "@ant-design/icons";
import { Badge, Button, Segmented, Select } from "antd";
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSpoken } from "../i18n";
import { useFormat, useStatus } from "../shell/format";
import { useLook } from "../shell/look";
import { useView } from "../shell/page";
import { useMay } from "../shell/session";
import { Answer, Empty } from "../shell/Told";
import { AreaReport } from "./AreaReport";
import { useAreaEdits, useAreas, useSketch } from "./areas";
import { useHeat } from "./asked";
import { Canvas, type Handle } from "./Canvas";
import { Chosen } from "./Chosen";
import { Credits, sourcesOf } from "./Credits";
import { Crumbs } from "./Crumbs";
import { steps as stepsOf } from "./colours";
import { Exports } from "./Exports";
import type { Answer as Told } from "./figures";
import { Legend } from "./Legend";
import "./map.css";
import { Following } from "./Following";
import { useLive } from "./live";
import { useNames } from "./names";
import { OutletCard } from "./OutletCard";
import { Overlays } from "./Overlays";
import { useOutlets } from "./outlets";
import { useOwn } from "./outlines";
import page from "./page";
import { Ranking } from "./Ranking";
import { boxOfArea, useGround, useShapes } from "./shapes";
import { started } from "./sketch";
import { Time } from "./Time";
import { TradeAreas } from "./TradeAreas";
import { COLOURINGS, chosenOf, filters, LEVELS, viewOf, written } from "./view";

const Filters = lazy(() => import("./Filters"));
const SketchForm = lazy(() => import("./SketchForm"));

export default function HeatMap() {
  const { t } = useTranslation();
  const { shade } = useLook();
  const [view, setView] = useView({ ...page, view: viewOf });
  const may = useMay("operator");
  const [open, setOpen] = useState(false);
  const [hovered, setHovered] = useState<string>();
  const handle = useRef<Handle>(null);
  const areas = useAreas(may);
  const chosen = chosenOf(view.area);
  const ground = useGround(view.level, may, areas.drawn, chosen?.level);
  const { own: theirs, added } = useOwn();
  const credits = theirs.map((one) => ({
    name: one.title || one.name,
    from: one.attribution,
    shown: view.own === "" || !added.includes(one),
  }));
  const sources = sourcesOf(
    theirs.map((one) => one.name),
    ground.level,
    t,
  );
  const sketched = useSketch();
  const edits = useAreaEdits();
  const [paused, setPaused] = useState(false);
  const heat = useHeat(view, ground.level, ground.seen, paused);
  const follows = may && !paused && !view.past && !view.since && filters(view) === 0;
  const live = useLive(heat.data, ground.level, useSpoken(), follows);
  const answer = live.answer;
  const colouring = view.since && may ? "change" : view.colour;
  const names = useNames();
  const largest = Math.max(1, ...(answer?.areas ?? []).map((one) => one.profiles));
  const steps = useMemo(() => stepsOf(colouring, shade, largest), [colouring, shade, largest]);
  const overlaid = may && (view.areas === "on" || ground.level === "area");
  const shapes = useShapes(answer, ground, colouring, steps, overlaid);
  const outlets = useOutlets(may && view.outlets === "on");
  const shops = view.outlets === "on" ? outlets.data?.items : undefined;
  const shop = shops?.find((one) => one.id === view.shop);
  const own = chosen?.level === "area" ? areas.items.find(({ id }) => id === chosen.id) : undefined;
  const box = useMemo(() => {
    const one = chosenOf(view.area);
    return one && boxOfArea(ground.outlines, one);
  }, [ground.outlines, view.area]);
  const stands = view.at || (ground.seen && written(ground.seen.spot));
  const choose = useCallback(
    // An address with an area and without a place shows where the area lies, and not what is seen.
    (id: string | undefined) =>
      setView(id ? { area: `${ground.level}:${id}`, at: stands } : { area: "" }),
    [setView, ground.level, stands],
  );
  const levels = may ? LEVELS : LEVELS.filter((level) => level !== "cell" && level !== "area");
  const saved = (id: string) => {
    sketched.end();
    setView({ level: "area", area: `area:${id}` });
  };
  return (
    <>
      <div className="title">
        <h1>{t("map.title")}</h1>
        <div className="actions">
          {answer && (
            <Exports
              answer={answer}
              names={names}
              shapes={shapes}
              steps={steps}
              colouring={colouring}
              handle={handle}
              sources={sources}
              credits={credits.filter((one) => one.shown)}
            />
          )}
        </div>
        <p>
          {answer && (
            <Counted
              answer={answer}
              drawn={areas.items.length}
              known={view.who === "known"}
              all={may ? () => setView({ who: "all" }) : undefined}
            />
          )}
        </p>
      </div>
      <div className="map-tools">
        <Crumbs ground={ground} go={(box) => handle.current?.fit(box)} />
        <span className="map-room" />
        <Segmented
          aria-label={t("map.colour_by")}
          value={view.colour}
          onChange={(colour) => setView({ colour })}
          disabled={colouring === "change"}
          options={COLOURINGS.map((value) => ({ value, label: t(`map.colourings.${value}`) }))}
        />
        <Select
          aria-label={t("map.level")}
          value={view.level}
          onChange={(level) => setView({ level })}
          options={(["auto", ...levels] as const).map((value) => ({
            value,
            label:
              value === "auto"
                ? t("map.auto", { level: t(`map.levels.${ground.level}`) })
                : t(`map.levels.${value}`),
          }))}
        />
        {may && <Overlays view={view} change={setView} />}
        {added.length > 0 && (
          <Button
            icon={<GlobalOutlined />}
            aria-pressed={view.own === ""}
            className={view.own === "" ? "map-on" : undefined}
            onClick={() => setView({ own: view.own === "" ? "off" : "" })}
          >
            {t("map.own")}
          </Button>
        )}
        {may && !view.past && (
          <Following
            pulse={follows ? live.pulse : "still"}
            as_of={answer?.as_of}
            paused={paused}
            pause={() => setPaused(!paused)}
          />
        )}
        {may && (
          <Badge count={filters(view)} size="small">
            <Button icon={<FilterOutlined />} aria-expanded={open} onClick={() => setOpen(!open)}>
              {t("map.filters")}
            </Button>
          </Badge>
        )}
      </div>
      {may && open && (
        <Suspense fallback={null}>
          <Filters view={view} change={(patch) => setView(patch)} />
        </Suspense>
      )}
      <div className="map-split">
        <div className="map-picture">
          <Canvas
            ref={handle}
            at={view.at}
            home={box}
            ground={ground}
            shapes={shapes}
            answer={answer}
            hovered={hovered}
            chosen={chosen?.id}
            overlaid={overlaid}
            own={added}
            owned={view.own === ""}
            sketch={sketched.now}
            outlets={shops}
            shop={shop}
            shade={shade}
            onMove={(at) => setView({ at }, { replace: true, still: true })}
            onHover={setHovered}
            onChoose={choose}
            onSketch={sketched.change}
            onShop={(shop) => setView({ shop })}
          >
            <Credits of={credits} />
          </Canvas>
          {may && (
            <Time view={view} shown={heat.isSuccess && !heat.isPlaceholderData} change={setView} />
          )}
          <Legend steps={steps} colouring={colouring} />
        </div>
        <div className="map-side">
          {sketched.now && (
            <Suspense fallback={null}>
              <SketchForm sketch={sketched.now} steps={sketched} edits={edits} saved={saved} />
            </Suspense>
          )}
          {overlaid && !sketched.now && (
            <TradeAreas
              items={areas.items}
              coloured={ground.level === "area"}
              edits={edits}
              draw={() => {
                setView({ area: "" }, { still: true });
                sketched.begin(started());
              }}
              colour={() => setView({ level: "area" })}
            />
          )}
          {shop && (
            <OutletCard
              outlet={shop}
              filtered={view.outlet === shop.id}
              filter={(on) => setView({ outlet: on ? shop.id : "" })}
              enter={(box) => handle.current?.fit(box)}
              close={() => setView({ shop: "" })}
            />
          )}
          {chosen && !sketched.now && (
            <Chosen
              chosen={chosen}
              view={view}
              ground={ground}
              now={answer}
              box={box}
              close={() => setView({ area: "" })}
              enter={(box) => handle.current?.fit(box)}
              more={
                own &&
                ((figures) => (
                  <AreaReport
                    area={own}
                    figures={figures}
                    view={view}
                    ground={ground}
                    answer={answer}
                    edits={edits}
                    edit={sketched.begin}
                    gone={() => setView({ area: "" })}
                  />
                ))
              }
            />
          )}
          <section className="panel map-rank">
            <Answer of={{ ...heat, data: answer }}>
              {(answer) =>
                answer.areas.length === 0 && !(ground.level === "area" && areas.items.length) ? (
                  <Nobody answer={answer} filtered={filters(view) > 0} />
                ) : (
                  <Ranking
                    areas={answer.areas}
                    silent={ground.level === "area" ? areas.items : undefined}
                    names={names}
                    colouring={colouring}
                    hovered={hovered}
                    chosen={chosen?.id}
                    onHover={setHovered}
                    onChoose={choose}
                  />
                )
              }
            </Answer>
          </section>
        </div>
      </div>
      <p className="soft map-sources">{sources}</p>
    </>
  );
}

interface Counting {
  answer: Told;
  drawn: number;
  known: boolean;
  /** Counts who has no name too. */
  all?: () => void;
}

/** As of when, how many are in view, and who is not shown and why. */
function Counted({ answer, drawn, known, all }: Counting) {
  const { t } = useTranslation();
  const format = useFormat();
  const { k, profiles, withheld, coarse, unlocated } = answer;
  const nameless = useStatus().data?.anonymous ?? 0;
  const told = [
    answer.published
      ? t("map.published", { at: format.moment(answer.as_of) })
      : t("map.as_of", {
          at: answer.restated ? format.moment(answer.as_of) : format.clock(answer.as_of),
        }),
    answer.level === "area"
      ? drawn > 0 && t("map.areas_told", { told: answer.areas.length, all: drawn, k })
      : t("map.in_view", { profiles: format.count(profiles) }),
    withheld > 0 && t("map.withheld", { withheld: format.count(withheld), k }),
    coarse > 0 && t("map.coarse", { coarse: format.count(coarse) }),
    unlocated > 0 && t("map.unlocated", { unlocated: format.count(unlocated) }),
    known && nameless > 0 && t("map.nameless", { nameless: format.count(nameless) }),
  ];
  return (
    <>
      {told.filter(Boolean).join(t("map.between"))}
      {known && nameless > 0 && all && (
        <Button type="link" size="small" onClick={all}>
          {t("map.count_all")}
        </Button>
      )}
    </>
  );
}

/** Nobody is there: because of the filters, of the view, or because no profile has a place yet. */
function Nobody({ answer, filtered }: { answer: Told; filtered: boolean }) {
  const { t, i18n } = useTranslation();
  if (answer.profiles > 0) {
    return <Empty title={t("map.all_withheld")} next={t("map.all_withheld_next")} />;
  }
  if (filtered) return <Empty title={t("map.nobody")} next={t("map.nobody_next")} />;
  if (answer.level === "area") {
    return <Empty title={t("map.areas_none")} next={t("map.areas_none_next")} />;
  }
  if (answer.level !== "province") {
    return <Empty title={t("map.nobody_here")} next={t("map.nobody_here_next")} />;
  }
  return (
    <Empty
      title={t("map.no_places")}
      next={t("map.no_places_next")}
      action={
        <Button href={`/help/${i18n.language}/guide/map`} target="_blank">
          {t("map.no_places_help")}
        </Button>
      }
    />
  );
}
