/** What is laid over a page: how often each element was clicked, and how far the page was seen. */

export interface Mark {
  selector: string;
  /** The number that stands on it. */
  label: string;
  /** Of the most that any element has, 0 to 1. */
  part: number;
}

/** What the page of the pool tells; words and numbers are ready to be shown. */
export interface Clicks {
  title: string;
  notes: string[];
  /** What the list of elements that are not on this page is called. */
  missing: string;
  close: string;
  marks: Mark[];
  /** Parts of the page from the top, 0 to 1, and what is said there. */
  depths: { at: number; label: string }[];
}

const FRONT = "2147483647";
const SMALLEST = 26;
const LARGEST = 56;
const FONT = "13px/1.5 system-ui, sans-serif";
/** From these parts of the most on; white letters are read on each. */
const HEAT: [part: number, colour: string][] = [
  [0.66, "#c62a2f"],
  [0.33, "#a84a00"],
  [0, "#1d5fd1"],
];

type Styles = Partial<CSSStyleDeclaration>;

function made(parent: Node, tag: string, styles: Styles, text = ""): HTMLElement {
  const found = document.createElement(tag);
  // Styles that are set one by one are allowed where a page forbids those of attributes.
  Object.assign(found.style, styles);
  found.textContent = text;
  parent.appendChild(found);
  return found;
}

function shades(): { ink: string; paper: string; line: string } {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  return dark
    ? { ink: "#eceef0", paper: "#1b1f24", line: "#646c74" }
    : { ink: "#1c2024", paper: "#ffffff", line: "#8b9298" };
}

/** The element of a selector, where the page shows it. */
export function shown(selector: string): Element | undefined {
  let found: Element | null = null;
  try {
    found = document.querySelector(selector);
  } catch {
    // Any client may send any text.
  }
  const box = found?.getBoundingClientRect();
  return found && box && box.width > 0 && box.height > 0 ? found : undefined;
}

/** Lays it over the page; the answer takes it away. */
export function lay(clicks: Clicks, closed: () => void): () => void {
  const host = document.createElement("div");
  host.dataset.hsClicks = "";
  Object.assign(host.style, {
    position: "fixed",
    inset: "0",
    zIndex: FRONT,
    pointerEvents: "none",
    font: FONT,
  });
  const root = host.attachShadow({ mode: "open" });
  const lines = clicks.depths.map(({ at, label }) => ({ at, line: depth(root, label) }));
  const marks = clicks.marks.map((mark) => ({ mark, ...circle(root, mark) }));
  const list = panel(root, clicks, closed);
  document.documentElement.appendChild(host);

  function place(): void {
    const gone: string[] = [];
    for (const { mark, frame, number } of marks) {
      const box = shown(mark.selector)?.getBoundingClientRect();
      for (const one of [frame, number]) one.hidden = box === undefined;
      if (!box) {
        gone.push(`${mark.label} · ${mark.selector}`);
        continue;
      }
      const { left, top, width, height } = box;
      put(frame, left, top);
      Object.assign(frame.style, { width: `${width}px`, height: `${height}px` });
      // At the corner: what the element says is still read.
      const x = Math.min(left + width, innerWidth - LARGEST / 2);
      put(number, x, Math.max(top, LARGEST / 2 - scrollY));
    }
    for (const { at, line } of lines) {
      put(line, 0, document.documentElement.scrollHeight * at - scrollY);
    }
    list(gone);
  }

  place();
  // Pages move without telling: by pictures that come, lists that unfold.
  const timer = setInterval(place, 500);
  const moves = ["scroll", "resize"] as const;
  for (const name of moves) addEventListener(name, place, { passive: true, capture: true });
  return () => {
    clearInterval(timer);
    for (const name of moves) removeEventListener(name, place, { capture: true });
    host.remove();
  };
}

function put(one: HTMLElement, x: number, y: number): void {
  one.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}

function circle(root: Node, { label, part }: Mark): { frame: HTMLElement; number: HTMLElement } {
  const colour = HEAT.find(([from]) => part >= from)?.[1] ?? "";
  const size = SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(part);
  const top: Styles = { position: "absolute", left: "0", top: "0" };
  // A fifth of the colour over the element itself.
  const lit = { outline: `2px solid ${colour}`, background: `${colour}33` };
  const frame = made(root, "div", { ...top, ...lit });
  const number = made(root, "div", top);
  made(
    number,
    "span",
    {
      position: "absolute",
      display: "grid",
      placeItems: "center",
      boxSizing: "border-box",
      minWidth: `${size}px`,
      height: `${size}px`,
      padding: "0 6px",
      transform: "translate(-50%, -50%)",
      borderRadius: `${size / 2}px`,
      background: colour,
      border: "1px solid #ffffff",
      color: "#ffffff",
      fontWeight: "600",
      whiteSpace: "nowrap",
    },
    label,
  );
  return { frame, number };
}

function depth(root: Node, label: string): HTMLElement {
  const { ink, paper, line } = shades();
  const found = made(root, "div", {
    position: "absolute",
    left: "0",
    top: "0",
    width: "100%",
    borderTop: `1px dashed ${line}`,
  });
  const styles = { position: "absolute", left: "0", bottom: "0", padding: "0 6px" };
  made(found, "span", { ...styles, background: paper, color: ink, fontSize: "12px" }, label);
  return found;
}

/** What is shown, and what is not on this page; the answer tells it what is not. */
function panel(root: Node, clicks: Clicks, closed: () => void): (gone: string[]) => void {
  const { ink, paper, line } = shades();
  const found = made(root, "section", {
    position: "absolute",
    right: "12px",
    bottom: "12px",
    boxSizing: "border-box",
    width: "min(320px, calc(100vw - 24px))",
    maxHeight: "45vh",
    overflow: "auto",
    padding: "12px 14px",
    borderRadius: "8px",
    border: `1px solid ${line}`,
    background: paper,
    color: ink,
    pointerEvents: "auto",
    overflowWrap: "anywhere",
  });
  found.setAttribute("aria-label", clicks.title);
  made(found, "strong", { display: "block", fontSize: "15px" }, clicks.title);
  for (const note of clicks.notes) made(found, "p", { margin: "4px 0" }, note);
  const left = made(found, "details", { margin: "4px 0" });
  const called = made(left, "summary", { cursor: "pointer" });
  const list = made(left, "ul", { margin: "4px 0", paddingLeft: "18px" });
  const styles = { marginTop: "4px", padding: "2px 10px", font: "inherit", cursor: "pointer" };
  made(found, "button", styles, clicks.close).addEventListener("click", closed);
  let before = "";
  return (gone) => {
    if (gone.join("\n") === before) return;
    before = gone.join("\n");
    left.hidden = gone.length === 0;
    called.textContent = `${clicks.missing} · ${gone.length}`;
    list.textContent = "";
    for (const one of gone) made(list, "li", {}, one);
  };
}
