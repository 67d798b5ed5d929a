import { InboxOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { page } from "../shell/page";

export default page({
  path: "/imports",
  title: "imports.title",
  icon: InboxOutlined,
  order: 600,
  role: "operator",
  help: "guide/importing",
  view: (raw) => ({
    /** Id of the file that waits. */
    file: raw.file ?? "",
    /** Id of the import that is shown. */
    job: raw.job ?? "",
  }),
  load: () => worded(() => import("./Imports")),
});
