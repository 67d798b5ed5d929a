import { RetweetOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { page } from "../shell/page";
import type { View } from "./view";

export default page<View>({
  path: "/lifecycle",
  title: "lifecycle.title",
  icon: RetweetOutlined,
  order: 365,
  role: "operator",
  help: "guide/lifecycle",
  view: (raw) => ({ back: "90", window: "365", ends: "", ...raw }),
  load: () => worded(() => import("./Lifecycle")),
});
