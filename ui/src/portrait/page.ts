import { worded } from "../i18n";
import { page } from "../shell/page";

export default page({
  path: "/segments/$id/portrait",
  title: "portrait.title",
  role: "operator",
  help: "guide/segments",
  load: () => worded(() => import("./Portrait")),
});
