import { ShopOutlined } from "@ant-design/icons";
import { oneOf, page, type Raw } from "../shell/page";

export const LEVELS = ["city", "province", "district"] as const;
export const QUADRANTS = ["hot_served", "hot_thin", "cold_served", "cold_thin"] as const;

export interface View {
  level: (typeof LEVELS)[number];
  quadrant: "" | (typeof QUADRANTS)[number];
}

export const viewOf = (raw: Raw): View => ({
  level: oneOf(raw.level, LEVELS),
  quadrant: oneOf(raw.quadrant, ["", ...QUADRANTS]),
});

export default page({
  path: "/outlets",
  title: "outlets.title",
  icon: ShopOutlined,
  order: 210,
  role: "operator",
  help: "guide/map",
  view: viewOf,
  load: () => import("./Outlets"),
});
