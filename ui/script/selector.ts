/** How an element of a page is named, so that it has the same name tomorrow. */

const ACTED = "a,button,input,select,textarea,label,summary,[role=button],[onclick],[data-hs]";
const DEEPEST = 6;
/** Made up at each build or by a framework: a run of digits, hexadecimal, or React's own. */
const MADE_UP = /\d{3}|[0-9a-f]{8}|^(?:css|sc|jss|ember|radix|headlessui)-|[:«]/i;
const NAMES = ["data-hs", "data-testid", "name", "aria-label"];

/** The element that was meant by a click on one inside it. */
export function acted(target: Element): Element {
  return target.closest(ACTED) ?? target;
}

/** Must nothing be told of this element? */
export function secret(element: Element): boolean {
  return element.closest("[data-hs-private]") !== null;
}

/** A selector of CSS that rests on names people gave, else on the place among equals. */
export function selector(element: Element): string {
  const steps: string[] = [];
  let at: Element | null = element;
  while (at && steps.length < DEEPEST) {
    const tag = at.localName;
    if (tag === "html" || tag === "body") break;
    if (at.id && !MADE_UP.test(at.id)) {
      steps.unshift(`#${escaped(at.id)}`);
      break;
    }
    const own: string = tag + named(at);
    if (own.startsWith(`${tag}[data-`)) {
      steps.unshift(own);
      break;
    }
    steps.unshift(own === tag ? tag + place(at) : own);
    at = at.parentElement;
  }
  return steps.join(" > ") || element.localName;
}

function named(element: Element): string {
  for (const name of NAMES) {
    const value = element.getAttribute(name);
    if (value && value.length <= 60 && !MADE_UP.test(value)) {
      return `[${name}="${value.replace(/["\\]/g, "\\$&")}"]`;
    }
  }
  return "";
}

function place(element: Element): string {
  const equals = [...(element.parentElement?.children ?? [])].filter(
    (one) => one.localName === element.localName,
  );
  return equals.length > 1 ? `:nth-of-type(${equals.indexOf(element) + 1})` : "";
}

function escaped(id: string): string {
  return CSS.escape(id);
}
