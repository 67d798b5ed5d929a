import { FundProjectionScreenOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { page } from "../shell/page";

const role = "operator";
const help = "guide/boards";

export const list = page({
  path: "/dashboards",
  title: "boards.title",
  icon: FundProjectionScreenOutlined,
  order: 222,
  role,
  help,
  load: () => worded(() => import("./Dashboards")),
});

export const one = page({
  path: "/dashboards/$id",
  title: "boards.title",
  role,
  help,
  load: () => worded(() => import("./Dashboard")),
});

export default [list, one];
