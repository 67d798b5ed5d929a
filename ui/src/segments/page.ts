import { FilterOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page } from "../shell/page";

const help = "guide/segments";
const role = "operator";

export const list = page({
  path: "/segments",
  title: "segments.title",
  icon: FilterOutlined,
  order: 350,
  role,
  help,
  view: (raw) => ({ q: raw.q ?? "" }),
  load: () => worded(() => import("./Segments")),
});

export const build = page({
  path: "/segments/build",
  title: "segments.build",
  role,
  help,
  view: (raw) => ({
    /** The segment whose rule it is to be; a new one where it is empty. */
    id: raw.id ?? "",
    /** The rule that is edited, as JSON. */
    rule: raw.rule ?? "",
    form: oneOf(raw.form, ["tree", "text"]),
  }),
  load: () => worded(() => import("./Builder")),
});

export const together = page({
  path: "/segments/overlap",
  title: "segments.title",
  role,
  help,
  /** Ids of two to five segments. */
  view: (raw) => ({ ids: raw.ids ?? "" }),
  load: () => worded(() => import("./Together")),
});

export const PARTS = ["members", "past", "compare"] as const;

export const one = page({
  path: "/segments/$id",
  title: "segments.title",
  role,
  help,
  view: (raw) => ({ part: oneOf(raw.part, PARTS) }),
  load: () => worded(() => import("./Segment")),
});

export default [list, build, together, one];
