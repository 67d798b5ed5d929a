import { gather, type Words } from "./gather";

export { default as components } from "antd/locale/zh_CN";
// What the server says when it refuses is loaded where it does.
export const words = gather(
  import.meta.glob<Words>(["../*/zh.ts", "!../refusals/zh.ts"], {
    eager: true,
    import: "default",
  }),
);
