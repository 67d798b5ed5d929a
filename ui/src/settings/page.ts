import { SettingOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page } from "../shell/page";

export const PARTS = ["members", "tokens", "privacy", "system", "backup", "health"] as const;

/** What explains a part. */
const GUIDES = {
  members: "guide/members",
  tokens: "guide/tokens",
  privacy: "guide/privacy",
  system: "guide/operations",
  backup: "guide/backup",
  health: "guide/health",
};

export default page({
  path: "/settings",
  title: "settings.title",
  icon: SettingOutlined,
  order: 900,
  role: "admin",
  help: (raw) => GUIDES[oneOf(raw.part, PARTS)],
  view: (raw) => ({ part: oneOf(raw.part, PARTS), q: raw.q ?? "" }),
  load: () => worded(() => import("./Settings")),
});
