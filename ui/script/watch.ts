/** What people do on a page: which they open, how long they stay, where they click. */

import { followForms } from "./forms";
import { bare, parsed, path, sought } from "./origins";
import { acted, secret, selector } from "./selector";
import { View } from "./view";

export type Track = (name: string, properties: Record<string, unknown>) => void;

export interface Watched {
  /** A page came into sight. */
  viewed: (view: View) => void;
  /** Something happened on the page of the view that is given. */
  happened: (name: string, properties: Record<string, unknown>, view: View) => void;
  /** The window may close. */
  leaving: () => void;
}

export interface Wanted {
  /** Which of `pages`, `clicks`, `forms`. */
  tracked: string[];
  /** Parameters of addresses that hold what is sought on this site. */
  searches: string[];
}

/** Follows the window until it closes; gives the view of the moment. */
export function watch({ viewed, happened, leaving }: Watched, wanted: Wanted): () => View {
  let view = new View(document.referrer);
  let asked = location.search;
  let soon = 0;
  const track: Track = (name, properties) => happened(name, properties, view);
  const endForms = wanted.tracked.includes("forms") ? followForms(track) : () => {};

  function open(): void {
    if (!wanted.tracked.includes("pages")) return;
    clearTimeout(soon);
    // Applications set the title after the address, and go on from one address to the next.
    soon = window.setTimeout(tell, 0);
  }

  function tell(): void {
    soon = 0;
    view.named();
    viewed(view);
    const query = sought(view.query, wanted.searches);
    if (query) track("Site Searched", { query });
  }

  function leave(): void {
    if (soon) {
      clearTimeout(soon);
      tell();
    }
    const told = wanted.tracked.includes("pages") ? view.left() : undefined;
    if (told) track("Page Left", told);
  }

  function moved(): void {
    if (path(location) === view.place.path && location.search === asked) return;
    leave();
    endForms();
    asked = location.search;
    view = new View(view.place.url);
    open();
  }

  for (const name of ["pushState", "replaceState"] as const) {
    const plain = history[name];
    history[name] = function (this: History, ...given: Parameters<History["pushState"]>) {
      plain.apply(this, given);
      moved();
    };
  }
  addEventListener("popstate", moved);
  addEventListener("hashchange", moved);
  addEventListener("scroll", () => view.scrolled(), { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return view.show();
    leave();
    leaving();
  });
  addEventListener("pagehide", () => {
    leave();
    endForms();
    leaving();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    view = new View(view.referrer);
    open();
  });
  if (wanted.tracked.includes("clicks")) followClicks(track);
  view.show();
  open();
  return () => view;
}

function followClicks(track: Track): void {
  document.addEventListener(
    "click",
    (event) => {
      if (!(event.target instanceof Element) || secret(event.target)) return;
      const element = acted(event.target);
      const box = element.getBoundingClientRect();
      const { scrollWidth, scrollHeight } = document.documentElement;
      const link = element.closest("a")?.href;
      const target = link ? parsed(link) : undefined;
      track("Element Clicked", {
        selector: selector(element),
        tag: element.localName,
        text: element.matches("a,button,summary,[role=button]") ? said(element) : "",
        ...(target?.protocol.startsWith("http") ? { href: bare(target) } : {}),
        // A click by keyboard has no place.
        ...(event.detail ? { x: part(event.clientX - box.left, box.width) } : {}),
        ...(event.detail ? { y: part(event.clientY - box.top, box.height) } : {}),
        page_x: part(event.pageX, scrollWidth),
        page_y: part(event.pageY, scrollHeight),
        page_width: scrollWidth,
        page_height: scrollHeight,
      });
    },
    true,
  );
}

function said(element: Element): string {
  if (element.querySelector("[data-hs-private]")) return "";
  return (element.textContent ?? "").replace(/\s+/g, " ").trim().slice(0, 60);
}

/** From 0 to 1, in thousandths. */
function part(offset: number, whole: number): number {
  return whole > 0 ? Math.round(Math.min(Math.max(offset / whole, 0), 1) * 1_000) / 1_000 : 0;
}
