import { SolutionOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { page } from "../shell/page";

const help = "guide/templates";
const role = "operator";

export const list = page({
  path: "/templates",
  title: "templates.title",
  icon: SolutionOutlined,
  order: 358,
  role,
  help,
  load: () => worded(() => import("./Templates")),
});

export const one = page({
  path: "/templates/$id",
  title: "templates.title",
  role,
  help,
  /** The names that are called otherwise here, as JSON. */
  view: (raw) => ({ names: raw.names ?? "" }),
  load: () => worded(() => import("./Template")),
});

export default [list, one];
