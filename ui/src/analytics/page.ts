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
  /** The saved report whose analysis is to be opened. */
  view: (raw) => ({ report: raw.report ?? "" }),
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
    /** The saved report that is open: what it asks is asked where nothing else is. */
    report: raw.report ?? "",
    /** The number whose profiles are looked at: its cell, as JSON. */
    behind: raw.behind ?? "",
    /** The table that is open; the first that is drawn where it is empty. */
    table: raw.table ?? "",
  }),
  load: () => worded(() => import("./Analysis")),
});

export default [list, one];
