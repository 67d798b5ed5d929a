import { RiseOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { page } from "../shell/page";

export default page({
  path: "/potential",
  title: "potential.title",
  icon: RiseOutlined,
  order: 370,
  role: "operator",
  help: "guide/potential",
  view: (raw) => ({
    /** The event that they never did. */
    goal: raw.goal ?? "",
    /** The id of the score that ranks them. */
    score: raw.score ?? "",
  }),
  load: () => worded(() => import("./Potential")),
});
