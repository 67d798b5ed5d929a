import { TeamOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page } from "../shell/page";

const split = (text: string | undefined) => (text ?? "").split(",").filter(Boolean);

export const list = page({
  path: "/profiles",
  title: "profiles.title",
  icon: TeamOutlined,
  order: 300,
  role: "operator",
  help: "guide/identity",
  view: (raw) => ({
    q: raw.q ?? "",
    /** `NAME:VALUE` */
    trait: raw.trait ?? "",
    band: oneOf(raw.band, ["", "hot", "warm", "cool", "cold"]),
    /** Whom it means, as `segment:ID`. */
    among: raw.among ?? "",
    sort: oneOf(raw.sort, ["temperature", "-temperature"]),
    /** Traits that have a column. */
    columns: raw.columns === undefined ? ["name", "city"] : split(raw.columns),
  }),
  load: () => worded(() => import("./Profiles")),
});

export const TABS = [
  "heat",
  "persona",
  "timeline",
  "identity",
  "traits",
  "sorted",
  "consent",
] as const;

export const one = page({
  path: "/profiles/$id",
  title: "profiles.one",
  role: "operator",
  help: "guide/temperature",
  view: (raw) => ({
    tab: oneOf(raw.tab, TABS),
    days: oneOf(raw.days, ["90", "30", "365"]),
  }),
  load: () => worded(() => import("./Profile")),
});

export default [list, one];
