import { useEffect, useMemo, useState } from "react";
import type { Answer, Figures } from "./figures";
import type { Level } from "./view";

/** Is what is shown followed as it happens? */
export type Pulse = "live" | "waiting" | "still";

interface Frame {
  as_of: string;
  areas: Figures[];
  gone?: string[];
}

/** All areas of a level as they were last told. */
export interface Held {
  level: Level;
  lang: string;
  as_of: string;
  byId: Map<string, Figures>;
}

/** What is known after a further frame; the first holds everything. */
export function after(held: Held, frame: Frame, whole: boolean): Held {
  const byId = whole ? new Map<string, Figures>() : new Map(held.byId);
  for (const id of frame.gone ?? []) byId.delete(id);
  for (const area of frame.areas) byId.set(area.id, area);
  return { ...held, as_of: frame.as_of, byId };
}

/** An answer with the figures that came since; of a part of the map, only for who is in it. */
export function merged(answer: Answer, held: Held, part: boolean): Answer {
  const areas = part
    ? answer.areas.flatMap((one) => held.byId.get(one.id) ?? [])
    : [...held.byId.values()].sort((one, other) => other.profiles - one.profiles);
  const as_of = held.as_of > answer.as_of ? held.as_of : answer.as_of;
  return { ...answer, as_of, areas };
}

/** The answer kept up by what the server tells of it while it is wanted. */
export function useLive(
  answer: Answer | undefined,
  level: Level,
  lang: string,
  wanted: boolean,
): { answer: Answer | undefined; pulse: Pulse } {
  const [held, setHeld] = useState<Held>();
  const [pulse, setPulse] = useState<Pulse>("still");
  const streamed = wanted && level !== "cell" && level !== "area";
  useEffect(() => {
    if (!streamed) {
      setPulse("still");
      setHeld(undefined);
      return;
    }
    setPulse("waiting");
    const source = new EventSource(`/api/map/stream?level=${level}&lang=${lang}`);
    let now: Held = { level, lang, as_of: "", byId: new Map() };
    const take = (whole: boolean) => (event: MessageEvent<string>) => {
      now = after(now, JSON.parse(event.data) as Frame, whole);
      setHeld(now);
      setPulse("live");
    };
    source.addEventListener("whole", take(true));
    source.addEventListener("changed", take(false));
    source.addEventListener("error", () => setPulse("waiting"));
    return () => source.close();
  }, [streamed, level, lang]);
  const shown = useMemo(() => {
    const fits = held && answer && answer.level === held.level && held.level === level;
    return fits && held.lang === lang ? merged(answer, held, level === "district") : answer;
  }, [answer, held, level, lang]);
  // Cells in view are asked for again and again instead.
  return { answer: shown, pulse: wanted && level === "cell" ? "live" : pulse };
}
