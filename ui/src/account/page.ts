import { page } from "../shell/page";

export default page({
  path: "/account",
  title: "account.title",
  help: "guide/members",
  load: () => import("./Account"),
});
