import { FundOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { page } from "../shell/page";

const role = "operator";
const help = "guide/analyses";

export const list = page({
  path: "/analytics",
  title: "analytics.title",
  icon: FundOutlined,
  order: 220,
  role,
  help,
  load: () => worded(() => import("./Analyses")),
});

export const one = page({
  path: "/analytics/$name",
  title: "analytics.title",
  role,
  help,
  view: (raw) => ({
    /** The parameters that are asked, as JSON; nothing is asked where it is empty. */
    asked: raw.asked ?? "",
    /** The number whose profiles are looked at: its cell, as JSON. */
    behind: raw.behind ?? "",
  }),
  load: () => worded(() => import("./Analysis")),
});

export default [list, one];
