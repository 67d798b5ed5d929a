/** `/hs-clicks.js`: asks the page of the pool that opened this window for the clicks, and shows them.
 *
 * What it gets comes from that window alone, and from no other origin than that of this script. */

import { type Clicks, lay } from "./layer";
import { path } from "./origins";

const LOOK_MS = 500;

const script = document.currentScript as HTMLScriptElement;
const pool = new URL(script.src).origin;
const whose = window.opener as Window | null;
let asked = "";
let away = () => {};

function ask(): void {
  const now = path(location);
  if (now === asked) return;
  // Applications go on from page to page without loading.
  asked = now;
  whose?.postMessage({ hotspring: "clicks", path: now }, pool);
}

const timer = setInterval(ask, LOOK_MS);
addEventListener("message", ({ source, origin, data }) => {
  if (source !== whose || origin !== pool || data?.hotspring !== "clicks") return;
  if (data.path !== asked) return;
  away();
  away = lay(data.clicks as Clicks, () => {
    away();
    clearInterval(timer);
    window.name = "";
  });
});
ask();
