import type { Page } from "./page";

type Found = Page | Page[];

const files = import.meta.glob<Found>(["../*/page.ts", "!./page.ts"], {
  eager: true,
  import: "default",
});

/** Every page there is, in the order of the navigation. */
export const pages: Page[] = Object.values(files)
  .flat()
  .sort((one, other) => (one.order ?? 1e9) - (other.order ?? 1e9));
