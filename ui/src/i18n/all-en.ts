import { gather, type Words } from "./gather";

export { default as components } from "antd/locale/en_US";
export const words = gather(
  import.meta.glob<Words>("../*/en.ts", { eager: true, import: "default" }),
);
