import { BlockOutlined, OrderedListOutlined, StarOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page, type Raw } from "../shell/page";

export const WHO = ["all", "claimed"] as const;
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
    /** Whose people are listed. */
    tier: raw.tier ?? "",
  }),
  load: () => worded(() => import("./Tiers")),
});

export const groups = page({
  path: "/groups",
  title: "sorting.groups",
  icon: BlockOutlined,
  order: 368,
  role,
  help: "guide/tiers",
  view: (raw) => ({
    ...view(raw),
    /** All who are in it, or only those whom it claims. */
    who: oneOf(raw.who, WHO),
  }),
  load: () => worded(() => import("./Groups")),
});

export default [scores, tiers, groups];
