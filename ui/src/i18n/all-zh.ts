import { gather, type Words } from "./gather";

export { default as components } from "antd/locale/zh_CN";
export const words = gather(
  import.meta.glob<Words>("../*/zh.ts", { eager: true, import: "default" }),
);
