/** What lies in the browser: only with consent, and gone with it. */

const PREFIX = "hs.";

/** May fail at any time: full, forbidden, or taken away by the person. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

export const keep = {
  get: (name: string): string => attempt(() => localStorage.getItem(PREFIX + name)) ?? "",
  put: (name: string, value: string): void => {
    attempt(() => localStorage.setItem(PREFIX + name, value));
  },
  drop: (name: string): void => {
    attempt(() => localStorage.removeItem(PREFIX + name));
  },
  names: (): string[] =>
    (attempt(() => Object.keys(localStorage)) ?? [])
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length)),
};

/** 128 random bits; `crypto.randomUUID` is missing on pages without https. */
export function random(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
