import { GlobalOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { page } from "../shell/page";
import { viewOf } from "./view";

export default page({
  path: "/map",
  title: "map.title",
  icon: GlobalOutlined,
  order: 200,
  help: "guide/map",
  view: viewOf,
  load: () => worded(() => import("./HeatMap")),
});
