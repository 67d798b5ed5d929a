import { ProfileOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { page } from "../shell/page";

const help = "guide/tags";
const role = "operator";

export const list = page({
  path: "/traits",
  title: "traits.title",
  icon: ProfileOutlined,
  order: 357,
  role,
  help,
  view: (raw) => ({ q: raw.q ?? "" }),
  load: () => worded(() => import("./Traits")),
});

export const one = page({
  path: "/traits/$name",
  title: "traits.title",
  role,
  help,
  load: () => worded(() => import("./Trait")),
});

export default [list, one];
