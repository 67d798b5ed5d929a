import { ClusterOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { page } from "../shell/page";

export default page({
  path: "/clusters",
  title: "clusters.title",
  icon: ClusterOutlined,
  order: 369,
  role: "operator",
  help: "guide/clusters",
  /** The one that is looked at. */
  view: (raw) => ({ id: raw.id ?? "" }),
  load: () => worded(() => import("./Clusters")),
});
