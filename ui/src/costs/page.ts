import { MoneyCollectOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { page } from "../shell/page";

export default page({
  path: "/costs",
  title: "costs.title",
  icon: MoneyCollectOutlined,
  order: 224,
  role: "operator",
  help: "guide/costs",
  load: () => worded(() => import("./Costs")),
});
