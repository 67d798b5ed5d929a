import { SettingOutlined } from "@ant-design/icons";
import { oneOf, page } from "../shell/page";

export const PARTS = ["members", "tokens", "privacy", "system", "backup", "health"] as const;

export default page({
  path: "/settings",
  title: "settings.title",
  icon: SettingOutlined,
  order: 900,
  role: "admin",
  help: "guide/members",
  view: (raw) => ({ part: oneOf(raw.part, PARTS), q: raw.q ?? "" }),
  load: () => import("./Settings"),
});
