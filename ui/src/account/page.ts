import { worded } from "../i18n";
import { page } from "../shell/page";

export default page({
  path: "/account",
  title: "account.title",
  help: "guide/members",
  load: () => worded(() => import("./Account")),
});
