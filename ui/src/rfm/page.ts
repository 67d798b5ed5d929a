import { AppstoreOutlined } from "@ant-design/icons";
import { worded } from "../i18n";
import { oneOf, page, type Raw } from "../shell/page";

export const WAYS = ["mean", "quantile", "hand"] as const;
export const WINDOWS = ["365", "30", "90", "180", "730", "0"] as const;
export const BACK = ["90", "", "30", "180", "365"] as const;
export const MEASURES = ["customers", "revenue"] as const;

export interface View {
  /** How the thresholds are found. */
  by: (typeof WAYS)[number];
  /** By quantile: percent of the customers that are low. */
  low: string;
  /** By hand: days, orders and amount from which on a customer is high. */
  days: string;
  orders: string;
  amount: string;
  /** Length of the window in days. */
  window: (typeof WINDOWS)[number];
  /** A past day instead of now. */
  at: string;
  /** Days between the earlier moment and this one. */
  back: (typeof BACK)[number];
  /** What is an order, where the rules of temperature do not say it well. */
  event: string;
  /** Four numbers each that part the grades by hand. */
  recency: string;
  frequency: string;
  measure: (typeof MEASURES)[number];
  /** The class or cell that is looked at. */
  pick: string;
}

export const viewOf = (raw: Raw): View => ({
  by: oneOf(raw.by, WAYS),
  low: raw.low ?? "",
  days: raw.days ?? "",
  orders: raw.orders ?? "",
  amount: raw.amount ?? "",
  window: oneOf(raw.window, WINDOWS),
  at: raw.at ?? "",
  back: oneOf(raw.back, BACK),
  event: raw.event ?? "",
  recency: raw.recency ?? "",
  frequency: raw.frequency ?? "",
  measure: oneOf(raw.measure, MEASURES),
  pick: raw.pick ?? "",
});

export default page({
  path: "/rfm",
  title: "rfm.title",
  icon: AppstoreOutlined,
  order: 360,
  role: "operator",
  help: "guide/rfm",
  view: viewOf,
  load: () => worded(() => import("./Rfm")),
});
