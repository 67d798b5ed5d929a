import { open } from "./main";

const script = document.currentScript as HTMLScriptElement;
const ready = document as { prerendering?: boolean };
// A page that is made ready in advance is seen by nobody yet.
if (ready.prerendering) {
  document.addEventListener("prerenderingchange", () => open(script), { once: true });
} else open(script);
