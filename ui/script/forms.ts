/** How people get on with forms: which fields, in which order, how long. Never what they write. */

import { secret, selector } from "./selector";
import type { Track } from "./watch";

interface Course {
  form: string;
  began: number;
  fields: string[];
  entered: number;
  changed: boolean;
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const KINDS = "input,select,textarea";
const UNTOLD = new Set(["password", "hidden", "submit", "button", "reset", "image"]);
const SENSITIVE = /^(cc-|one-time-code|current-password|new-password)/;

/** The name of a field that may be told; nothing for others. */
export function field(target: EventTarget | null): { name: string; element: Field } | undefined {
  if (!(target instanceof Element) || !target.matches(KINDS) || secret(target)) return undefined;
  const element = target as Field;
  if (UNTOLD.has(element.type) || SENSITIVE.test(element.autocomplete)) return undefined;
  return { name: (element.name || element.id || selector(element)).slice(0, 100), element };
}

/** Follows the forms of a page; the answer ends the course of all that are open. */
export function followForms(track: Track): () => void {
  const open = new Map<HTMLFormElement, Course>();

  function course(form: HTMLFormElement, first: string): Course {
    const known = open.get(form);
    if (known) return known;
    const now = performance.now();
    const made = { form: selector(form), began: now, fields: [], entered: now, changed: false };
    open.set(form, made);
    track("Form Started", { form: made.form, field: first });
    return made;
  }

  on("focusin", (found, form) => {
    const at = course(form, found.name);
    at.entered = performance.now();
    at.changed = false;
    if (!at.fields.includes(found.name)) at.fields.push(found.name);
  });
  on("input", (found, form) => {
    course(form, found.name).changed = true;
  });
  on("focusout", (found, form) => {
    const at = open.get(form);
    if (!at) return;
    track("Form Field Left", {
      form: at.form,
      field: found.name,
      step: at.fields.indexOf(found.name) + 1,
      dwell_ms: Math.round(performance.now() - at.entered),
      changed: at.changed,
    });
  });
  document.addEventListener(
    "submit",
    ({ target }) => {
      if (!(target instanceof HTMLFormElement) || secret(target)) return;
      const at = course(target, "");
      open.delete(target);
      track("Form Submitted", { ...ended(at) });
    },
    true,
  );

  return () => {
    for (const at of open.values()) {
      track("Form Abandoned", { ...ended(at), field: at.fields.at(-1) ?? "" });
    }
    open.clear();
  };

  function on(
    name: string,
    work: (found: { name: string; element: Field }, form: HTMLFormElement) => void,
  ): void {
    document.addEventListener(
      name,
      ({ target }) => {
        const found = field(target);
        if (found?.element.form) work(found, found.element.form);
      },
      true,
    );
  }
}

function ended(at: Course): Record<string, unknown> {
  const stayed = Math.round(performance.now() - at.began);
  return { form: at.form, fields: at.fields, steps: at.fields.length, dwell_ms: stayed };
}
