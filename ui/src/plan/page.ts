import { PushpinOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page } from "../shell/page";

export default page({
  path: "/plan",
  title: "plan.title",
  icon: PushpinOutlined,
  order: 560,
  help: "guide/plan",
  view: (raw) => ({
    part: oneOf(raw.part, ["now", "draft", "versions", "breaches"]),
    /** A version that is compared with the one in force. */
    version: raw.version ?? "",
  }),
  load: () => worded(() => import("./Plan")),
});
