import { theme as antd, type ThemeConfig } from "antd";

export type Band = "hot" | "warm" | "cool" | "cold";
export type Shade = "light" | "dark";

/** From hot to cold. */
export const BANDS = ["hot", "warm", "cool", "cold"] as const satisfies readonly Band[];

/** The colours of the bands: `fill` for areas and shapes, `ink` for text on the page. */
export const BAND_COLOURS: Record<Shade, Record<Band, { fill: string; ink: string }>> = {
  light: {
    hot: { fill: "#E5484D", ink: "#C62A2F" },
    warm: { fill: "#F5A524", ink: "#8F5400" },
    cool: { fill: "#3E8EF7", ink: "#1D63C4" },
    cold: { fill: "#1E3A8A", ink: "#1E3A8A" },
  },
  dark: {
    hot: { fill: "#E5484D", ink: "#FF8B8B" },
    warm: { fill: "#F5A524", ink: "#FFC56B" },
    cool: { fill: "#3E8EF7", ink: "#7DB5FF" },
    // The dark blue of light pages would drown here.
    cold: { fill: "#5B78D6", ink: "#A9BCF5" },
  },
};

/** Everything else that has a colour; never written anywhere but here. */
/** Colours of groups that have no meaning of their own; each keeps its number. */
export const GROUP_COLOURS: Record<Shade, string[]> = {
  light: ["#0B6577", "#B4552D", "#6B4FA0", "#2F7D4F", "#A8336E", "#7A6A12", "#3D5A80", "#8C4A4A"],
  dark: ["#4FB3C7", "#E39A76", "#B09BE0", "#7CC79A", "#E88FBA", "#CDBB5A", "#94B4DC", "#D59B9B"],
};

export const COLOURS: Record<Shade, Record<string, string>> = {
  light: {
    page: "#F5F6F7",
    paper: "#FFFFFF",
    ink: "#1B1F24",
    soft: "#57606A",
    line: "#DFE3E8",
    accent: "#0B6577",
    link: "#0B6577",
    good: "#1A7F46",
    bad: "#C62A2F",
    alert: "#8F5400",
    "good-back": "#EDF8F1",
    "bad-back": "#FDF0F0",
    "alert-back": "#FFF7E8",
  },
  dark: {
    page: "#0F1316",
    paper: "#171C21",
    ink: "#E6E9ED",
    soft: "#A3ADB8",
    line: "#2E363E",
    accent: "#127C90",
    link: "#66D9E8",
    good: "#5CCB8C",
    bad: "#FF8B8B",
    alert: "#FFC56B",
    "good-back": "#14261C",
    "bad-back": "#2B1819",
    "alert-back": "#2A2114",
  },
};

const FONT =
  'system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", sans-serif';

/** The same colours for the ready-made components, which move nothing for whom that disturbs. */
export function themeOf(shade: Shade, still: boolean): ThemeConfig {
  const colour = COLOURS[shade];
  return {
    algorithm: shade === "dark" ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      motion: !still,
      fontFamily: FONT,
      borderRadius: 6,
      colorPrimary: colour.accent,
      colorLink: colour.link,
      colorLinkHover: colour.link,
      colorLinkActive: colour.link,
      colorText: colour.ink,
      colorTextSecondary: colour.soft,
      colorTextTertiary: colour.soft,
      colorTextDescription: colour.soft,
      colorTextPlaceholder: colour.soft,
      colorBgLayout: colour.page,
      colorBgContainer: colour.paper,
      colorBorder: colour.line,
      colorBorderSecondary: colour.line,
      colorError: colour.bad,
      colorSuccess: colour.good,
      colorWarning: colour.alert,
      colorErrorBg: colour["bad-back"],
      colorErrorBorder: colour.line,
      colorSuccessBg: colour["good-back"],
      colorSuccessBorder: colour.line,
      colorWarningBg: colour["alert-back"],
      colorWarningBorder: colour.line,
    },
    components: {
      Menu: { itemBg: "transparent", itemSelectedColor: colour.link, activeBarBorderWidth: 0 },
      Table: { headerColor: colour.soft },
      Tabs: {
        itemSelectedColor: colour.link,
        itemHoverColor: colour.link,
        itemActiveColor: colour.link,
        inkBarColor: colour.link,
      },
    },
  };
}

/** The same colours for what is written in `shell.css`. */
export function variablesOf(shade: Shade): Record<string, string> {
  const bands = BANDS.flatMap((band) => [
    [`--${band}`, BAND_COLOURS[shade][band].fill],
    [`--${band}-ink`, BAND_COLOURS[shade][band].ink],
  ]);
  const others = Object.entries(COLOURS[shade]).map(([name, value]) => [`--${name}`, value]);
  return Object.fromEntries([...bands, ...others]);
}
