import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

// jsdom has no media queries: nothing matches.
window.matchMedia = (query) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
  }) as unknown as MediaQueryList;

afterEach(cleanup);
