import type { components } from "../api/schema";
import { strength } from "../segments/together";

export type Found = components["schemas"]["Portrait"];
export type Beside = components["schemas"]["Beside"];
type Number = components["schemas"]["NumberTold"];

/** Of fewer on either side the other is not compared with them. */
export const LEAST = 5;
/** Differences in groups smaller than this may well be chance. */
export const FEW = 30;
const TOLD = 8;
/** Where an effect is called large: Cohen's h, Romano's delta. */
const LARGE = { h: 0.8, delta: 0.474 };

export type Word = "same" | `${"small" | "medium" | "large"}_${"more" | "less"}`;

/** How far two shares are apart: Cohen's h, from -π to π. */
export function cohen({ members, rest }: { members: number; rest: number }): number {
  const arc = (share: number) => 2 * Math.asin(Math.sqrt(Math.min(Math.max(share, 0), 1)));
  return arc(members) - arc(rest);
}

/** An effect as one would say it. */
export function word(effect: number, of: "h" | "delta"): Word {
  const size = strength(effect, of);
  return size === "none" ? "same" : `${size}_${effect > 0 ? "more" : "less"}`;
}

/** A list of shares on the page. */
export interface Group {
  key: string;
  /** Of a trait. */
  name?: string;
  values: Beside[];
}

/** Every list of shares that a portrait tells. */
export function groupsOf(one: Found): Group[] {
  return [
    { key: "bands", values: one.bands },
    { key: "provinces", values: one.provinces },
    ...one.traits.map(({ name, values }) => ({ key: "trait", name, values })),
    { key: "stages", values: one.stages },
    { key: "classes", values: one.classes },
    { key: "channels", values: one.channels },
    { key: "devices", values: one.devices },
    ...one.content.map(({ kind, values }) => ({ key: kind, values })),
  ];
}

/** What a list of differences says of one thing. */
export type Striking =
  | { of: "share"; group: Group; row: Beside; effect: number }
  | { of: "number"; row: Number; effect: number };

/** What sets members apart most; nothing that is about the same on both sides. */
export function striking(one: Found): Striking[] {
  const shares = groupsOf(one).flatMap((group): Striking[] =>
    group.values.map((row) => ({ of: "share", group, row, effect: cohen(row) })),
  );
  const numbers = one.numbers.map((row): Striking => ({ of: "number", row, effect: row.effect }));
  const size = (found: Striking) =>
    Math.abs(found.effect) / (found.of === "share" ? LARGE.h : LARGE.delta);
  return [...shares, ...numbers]
    .filter((found) => word(found.effect, found.of === "share" ? "h" : "delta") !== "same")
    .sort((a, b) => size(b) - size(a))
    .slice(0, TOLD);
}
