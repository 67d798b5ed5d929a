import { gather, type Words } from "./gather";

export { default as components } from "antd/locale/en_US";
// What the server says when it refuses is loaded where it does.
export const words = gather(
  import.meta.glob<Words>(["../*/en.ts", "!../refusals/en.ts"], {
    eager: true,
    import: "default",
  }),
);
