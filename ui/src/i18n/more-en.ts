import { gather, type Words } from "./gather";

export const words = gather(
  import.meta.glob<Words>("../*/en-more.ts", { eager: true, import: "default" }),
);
