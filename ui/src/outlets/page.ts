import { ShopOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page, type Raw } from "../shell/page";

export const LEVELS = ["city", "province", "district", "area"] as const;
export const QUADRANTS = ["hot_thin", "hot_served", "cold_served", "cold_thin"] as const;
export const SORTS = ["profiles", "name", "mean", "outlets", "capacity", "service"] as const;

export interface View {
  part: "heat" | "list";
  level: (typeof LEVELS)[number];
  quadrant: "" | (typeof QUADRANTS)[number];
  /** Part of the name of an area or of an outlet. */
  q: string;
  sort: (typeof SORTS)[number];
  up: "" | "up";
}

export const viewOf = (raw: Raw): View => ({
  part: oneOf(raw.part, ["heat", "list"]),
  level: oneOf(raw.level, LEVELS),
  quadrant: oneOf(raw.quadrant, ["", ...QUADRANTS]),
  q: raw.q ?? "",
  sort: oneOf(raw.sort, SORTS),
  up: oneOf(raw.up, ["", "up"]),
});

export default page({
  path: "/outlets",
  title: "outlets.title",
  icon: ShopOutlined,
  order: 210,
  role: "operator",
  help: "guide/map",
  view: viewOf,
  load: () => worded(() => import("./Outlets")),
});
