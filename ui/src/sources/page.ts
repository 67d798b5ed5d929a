import { ApiOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page } from "../shell/page";
import { NAMES } from "./names";

export const list = page({
  path: "/sources",
  title: "sources.title",
  icon: ApiOutlined,
  order: 500,
  help: "guide/sending",
  view: (raw) => ({ show: oneOf(raw.show, ["all", "healthy", "silent", "failing", "new"]) }),
  load: () => worded(() => import("./Sources")),
});

export const one = page({
  path: "/sources/$name",
  title: "sources.title",
  help: "guide/sending",
  view: (raw) => ({ with: oneOf(raw.with, NAMES) }),
  load: () => worded(() => import("./Source")),
});

export default [list, one];
