import { WarningOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page } from "../shell/page";

export default page({
  path: "/quarantine",
  title: "quarantine.title",
  icon: WarningOutlined,
  order: 540,
  role: "analyst",
  help: "guide/quarantine",
  view: (raw) => ({
    status: oneOf(raw.status, ["open", "replayed", "dropped", "any"]),
    reason: raw.reason ?? "",
    source: raw.source ?? "",
    event: raw.event ?? "",
    /** Id of the entry that is open. */
    entry: raw.entry ?? "",
  }),
  load: () => worded(() => import("./Quarantine")),
});
