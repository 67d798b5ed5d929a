/** `/hs.js`: tells a pool what happens on a page, and stores nothing without consent. */

import { keep, random } from "./keep";
import { campaign, referrer } from "./origins";
import { Queue } from "./queue";
import type { View } from "./view";
import { watch } from "./watch";

type Fields = Record<string, unknown>;

export const VERSION = "1";
const SEARCHES = "q,query,search,keyword,keywords,kw,wd,s";
const ALL = "pages,clicks,forms";

interface Wishes {
  key: string;
  /** Address of the pool. */
  api: string;
  /** `ask`: only after `consent(true)`. `given`: unless the person or the browser says no. */
  consent: string;
  /** What is told without consent: `count` (no identifier, nothing stored) or `nothing`. */
  without: string;
  track: string;
  search: string;
  /** Of the site or the page, where two are compared. */
  version?: string;
}

function wishes(script: HTMLScriptElement): Wishes {
  const { key = "", api, consent = "ask", without = "count" } = script.dataset;
  const { track, search, version } = script.dataset;
  const here = api ?? new URL(script.src).origin;
  const [tracked, searches] = [track ?? ALL, search ?? SEARCHES];
  return { key, api: here, consent, without, track: tracked, search: searches, version };
}

/** Does the browser say that its person wants not to be followed? */
function declined(): boolean {
  const said = navigator as { globalPrivacyControl?: boolean; doNotTrack?: string | null };
  return said.globalPrivacyControl === true || said.doNotTrack === "1";
}

export function start(wanted: Wishes): Fields {
  const { key, api, version } = wanted;
  let allowed = told();
  let known: { id: string; user: string } = { id: "", user: "" };
  let waiting: Fields | undefined;
  const queue = new Queue(`${api}/v1/batch`, key, () => allowed);

  function told(): boolean {
    const said = keep.get("consent");
    return said === "yes" || (said !== "no" && wanted.consent === "given" && !declined());
  }

  function remembered(): void {
    known = { id: keep.get("id") || random(), user: keep.get("user") };
    keep.put("id", known.id);
    queue.adopt();
  }

  function forget(): void {
    queue.clear();
    for (const name of keep.names()) keep.drop(name);
    known = { id: "", user: "" };
  }

  function send(type: string, fields: Fields, view: View): void {
    if (!key || (!allowed && wanted.without !== "count")) return;
    const whose = allowed
      ? { anonymousId: known.id, ...(known.user ? { userId: known.user } : {}) }
      : {};
    queue.add({
      type,
      messageId: random(),
      timestamp: new Date().toISOString(),
      ...whose,
      ...fields,
      context: context(view),
    });
  }

  function context(view: View): Fields {
    const from = campaign(view.query);
    const by = referrer(view.referrer, location.hostname);
    return {
      channel: "web",
      library: { name: "hs.js", version: VERSION },
      page: view.place,
      ...(from ? { campaign: from } : {}),
      ...(by ? { referrer: by } : {}),
      userAgent: navigator.userAgent,
      locale: navigator.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      screen: { width: screen.width, height: screen.height, density: devicePixelRatio },
      ...(allowed ? { consent: { categoryPreferences: { analytics: true } } } : { passerBy: true }),
    };
  }

  if (allowed) remembered();
  const view = watch(
    {
      viewed: (seen) =>
        send("page", { name: seen.place.title, properties: properties(seen, version) }, seen),
      happened: (event, fields, seen) =>
        send("track", { event, properties: { ...fields, path: seen.place.path, version } }, seen),
      leaving: () => queue.leave(),
    },
    { tracked: words(wanted.track), searches: words(wanted.search) },
  );

  function consent(given: boolean): void {
    const asked = wanted.consent !== "given";
    if (!given) {
      allowed = false;
      forget();
      // Where nobody is asked, a no that is not kept would be forgotten with the page.
      if (!asked) keep.put("consent", "no");
      return;
    }
    const before = allowed;
    allowed = true;
    keep.put("consent", "yes");
    if (!before) remembered();
    if (waiting) identify(waiting.userId, waiting.traits as Fields);
  }

  function identify(userId: unknown, traits: Fields = {}): void {
    waiting = { userId, traits };
    if (!allowed) return;
    waiting = undefined;
    if (typeof userId === "string" || typeof userId === "number") {
      known.user = String(userId);
      keep.put("user", known.user);
    }
    send("identify", { traits }, view());
  }

  // Another window may have asked meanwhile.
  addEventListener("storage", ({ key: name }) => {
    if (name !== null && name !== "hs.consent") return;
    const now = told();
    if (now === allowed) return;
    allowed = now;
    if (allowed) remembered();
    else forget();
  });

  return {
    consent,
    identify,
    track: (event: string, fields: Fields = {}) =>
      send("track", { event, properties: fields }, view()),
    page: (name = "", fields: Fields = {}) => {
      const seen = view();
      seen.named();
      send("page", { name, properties: { ...properties(seen, version), ...fields } }, seen);
    },
    reset: () => {
      waiting = undefined;
      for (const name of ["id", "user"]) keep.drop(name);
      known = { id: "", user: "" };
      if (allowed) remembered();
    },
  };
}

function properties(view: View, version?: string): Fields {
  // What is undefined is left out of JSON.
  return { ...view.place, view: view.id, version };
}

function words(text: string): string[] {
  return text.split(",").map((word) => word.trim());
}

type Call = [name: string, ...given: unknown[]];

/** The name of a window that the pool opened to show the clicks of its page. */
const SHOWING = "hs-clicks";

/** Is this window there to show clicks? Then its visit is nobody's, and nothing of it is told. */
function shows(api: string): boolean {
  if (window.name !== SHOWING || !window.opener || window.opener.closed) return false;
  const script = document.createElement("script");
  script.src = `${api}/${SHOWING}.js`;
  document.head.appendChild(script);
  return true;
}

/** Calls that the page made before this script was there wait in a list of the same name. */
export function open(script: HTMLScriptElement): void {
  const whole = window as unknown as { hotspring?: Call[] | Fields };
  const before = Array.isArray(whole.hotspring) ? whole.hotspring : [];
  const wanted = wishes(script);
  if (shows(wanted.api)) wanted.key = "";
  const calls = start(wanted) as Record<string, (...given: unknown[]) => void>;
  const push = (call: Call) => calls[call[0]]?.(...call.slice(1));
  whole.hotspring = { ...calls, push };
  before.forEach(push);
}
