/** One page as somebody sees it: how long it was in sight and how far it was scrolled. */

import { random } from "./keep";
import { bare, parsed, path } from "./origins";

/** The page of an event, in the words of Segment. Queries are left out: they may name people. */
export interface Place {
  path: string;
  url: string;
  title: string;
  referrer: string;
}

export class View {
  readonly id = random().slice(0, 12);
  readonly place: Place;
  /** As it was when the page was opened: campaigns and what was sought stand there. */
  readonly query = new URLSearchParams(location.search);
  private since = document.hidden ? 0 : performance.now();
  private stayed = 0;
  private deepest = 0;
  private told = 0;

  constructor(readonly referrer: string) {
    const from = parsed(referrer);
    this.place = {
      path: path(location),
      url: bare(new URL(location.href)),
      title: "",
      referrer: from ? bare(from) : "",
    };
  }

  /** Titles come after the address. */
  named(): Place {
    this.place.title = document.title.slice(0, 200);
    return this.place;
  }

  show(): void {
    if (!this.since) this.since = performance.now();
    this.scrolled();
  }

  hide(): void {
    if (this.since) this.stayed += performance.now() - this.since;
    this.since = 0;
  }

  scrolled(): void {
    const { scrollHeight } = document.documentElement;
    const seen = (scrollY + innerHeight) / Math.max(scrollHeight, innerHeight, 1);
    this.deepest = Math.max(this.deepest, Math.min(seen, 1));
  }

  /** What is to be told as it goes out of sight; nothing where nothing is new. */
  left(): Record<string, unknown> | undefined {
    this.hide();
    if (!this.stayed) return undefined;
    const stayed = Math.ceil(this.stayed);
    this.stayed = 0;
    this.told += 1;
    const depth = Math.round(this.deepest * 100) / 100;
    return { view: this.id, dwell_ms: stayed, depth, part: this.told };
  }
}
