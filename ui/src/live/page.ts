import { FieldTimeOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { page } from "../shell/page";

export default page({
  path: "/live",
  title: "live.title",
  icon: FieldTimeOutlined,
  order: 110,
  role: "operator",
  help: "guide/live",
  load: () => worded(() => import("./Live")),
});
