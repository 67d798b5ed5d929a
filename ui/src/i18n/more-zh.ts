import { gather, type Words } from "./gather";

export const words = gather(
  import.meta.glob<Words>("../*/zh-more.ts", { eager: true, import: "default" }),
);
