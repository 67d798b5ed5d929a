import { OrderedListOutlined, StarOutlined, TagsOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page, type Raw } from "../shell/page";

export const BACK = ["30", "7", "90", "365"] as const;

const role = "operator";
/** The one that is looked at. */
const view = (raw: Raw) => ({ id: raw.id ?? "" });

export const scores = page({
  path: "/scores",
  title: "sorting.scores",
  icon: StarOutlined,
  order: 364,
  role,
  help: "guide/scores",
  view,
  load: () => worded(() => import("./Scores")),
});

export const tiers = page({
  path: "/tiers",
  title: "sorting.tiers",
  icon: OrderedListOutlined,
  order: 366,
  role,
  help: "guide/tiers",
  view: (raw) => ({
    id: raw.id ?? "",
    /** Days between the earlier moment of the movement and now. */
    back: oneOf(raw.back, BACK),
  }),
  load: () => worded(() => import("./Tiers")),
});

export const groups = page({
  path: "/groups",
  title: "sorting.groups",
  icon: TagsOutlined,
  order: 368,
  role,
  help: "guide/tiers",
  view,
  load: () => worded(() => import("./Groups")),
});

export default [scores, tiers, groups];
