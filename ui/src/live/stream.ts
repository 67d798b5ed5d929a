import { useEffect, useState } from "react";
import type { components } from "../api/schema";

export type Frame = components["schemas"]["LastMinutes"];

/** The last minutes as they were last told; paused they stay. `broken` while nothing is told. */
export function useFrames(lang: string, paused: boolean) {
  const [frame, take] = useState<Frame>();
  const [broken, breaks] = useState(false);
  useEffect(() => {
    if (paused) return;
    let source: EventSource;
    let later: ReturnType<typeof setTimeout>;
    const open = () => {
      source = new EventSource(`/api/live/stream?lang=${lang}`);
      source.addEventListener("minutes", (event: MessageEvent<string>) => {
        breaks(false);
        take(JSON.parse(event.data) as Frame);
      });
      source.addEventListener("error", () => {
        breaks(true);
        // A browser does not come again to who refused it.
        if (source.readyState === EventSource.CLOSED) later = setTimeout(open, AGAIN_MS);
      });
    };
    open();
    return () => {
      clearTimeout(later);
      source.close();
    };
  }, [lang, paused]);
  return { frame, broken };
}

const AGAIN_MS = 5_000;

/** The time, told anew every second while it is wanted. */
export function useClock(wanted: boolean): number {
  const [now, tell] = useState(Date.now());
  useEffect(() => {
    if (!wanted) return;
    const timer = setInterval(() => tell(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [wanted]);
  return now;
}
