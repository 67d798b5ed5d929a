import { TagsOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page } from "../shell/page";

const help = "guide/tags";
const role = "operator";

export const list = page({
  path: "/tags",
  title: "tags.title",
  icon: TagsOutlined,
  order: 355,
  role,
  help,
  view: (raw) => ({ q: raw.q ?? "", kind: oneOf(raw.kind, ["", "rule", "hand"]) }),
  load: () => worded(() => import("./Tags")),
});

export const edit = page({
  path: "/tags/edit",
  title: "tags.title",
  role,
  help,
  /** The tag that is changed; a new one where it is empty. */
  view: (raw) => ({ id: raw.id ?? "" }),
  load: () => worded(() => import("./Edit")),
});

export const one = page({
  path: "/tags/$id",
  title: "tags.title",
  role,
  help,
  /** Members with this value only, with a mark before it: the value of a plain yes is empty. */
  view: (raw) => ({ value: raw.value ?? "" }),
  load: () => worded(() => import("./Tag")),
});

export default [list, edit, one];
