import { DashboardOutlined } from "@ant-design/icons";
import { page } from "../shell/page";

export default page({
  path: "/",
  title: "overview.title",
  icon: DashboardOutlined,
  order: 100,
  help: "guide/temperature",
  load: () => import("./Overview"),
});
