import { FireOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page } from "../shell/page";

export const PARTS = ["rules", "trial", "calibration", "versions"] as const;

export default page({
  path: "/rules",
  title: "rules.title",
  icon: FireOutlined,
  order: 400,
  help: (raw) => (raw.part === "calibration" ? "guide/calibration" : "guide/temperature"),
  view: (raw) => ({
    part: oneOf(raw.part, PARTS),
    /** Id of the rule that is open in its form; `+` for a new one. */
    rule: raw.rule ?? "",
    /** Id of the preview that is shown. */
    preview: raw.preview ?? "",
    /** Id of the calibration that is open. */
    run: raw.run ?? "",
    /** The profile that is tried, by public id or `KIND:VALUE`. */
    who: raw.who ?? "",
    /** Two versions side by side. */
    before: raw.before ?? "",
    after: raw.after ?? "",
  }),
  load: () => worded(() => import("./Rules")),
});
