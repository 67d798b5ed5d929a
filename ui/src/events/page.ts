import { ThunderboltOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page } from "../shell/page";

export default page({
  path: "/events",
  title: "events.title",
  icon: ThunderboltOutlined,
  order: 520,
  role: "analyst",
  help: "guide/sending",
  view: (raw) => ({
    verdict: oneOf(raw.verdict, ["all", "accepted", "refused"]),
    source: raw.source ?? "",
    q: raw.q ?? "",
  }),
  load: () => worded(() => import("./Events")),
});
