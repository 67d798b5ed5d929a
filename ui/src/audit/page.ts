import { AuditOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { page } from "../shell/page";

export default page({
  path: "/audit",
  title: "audit.title",
  icon: AuditOutlined,
  order: 910,
  role: "admin",
  help: "guide/audit",
  view: (raw) => ({
    action: raw.action ?? "",
    actor: raw.actor ?? "",
    about: raw.about ?? "",
    since: raw.since ?? "",
    until: raw.until ?? "",
  }),
  load: () => worded(() => import("./Audit")),
});
