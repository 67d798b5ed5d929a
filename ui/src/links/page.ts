import { QrcodeOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { page } from "../shell/page";

export default page({
  path: "/links",
  title: "links.title",
  icon: QrcodeOutlined,
  order: 510,
  role: "operator",
  help: "guide/links",
  load: () => worded(() => import("./Links")),
});
