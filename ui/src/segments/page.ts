import { FilterOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page } from "../shell/page";

export const build = page({
  path: "/segments/build",
  title: "segments.build",
  icon: FilterOutlined,
  order: 350,
  role: "operator",
  help: "guide/segments",
  view: (raw) => ({
    /** The rule that is edited, as JSON. */
    rule: raw.rule ?? "",
    form: oneOf(raw.form, ["tree", "text"]),
  }),
  load: () => worded(() => import("./Builder")),
});

export default [build];
