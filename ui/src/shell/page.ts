import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ComponentType, useCallback, useMemo } from "react";

export type Role = "viewer" | "operator" | "analyst" | "admin";

const ORDER: Role[] = ["viewer", "operator", "analyst", "admin"];

/** May somebody of `role` do what `least` may? */
export function reaches(role: Role, least: Role): boolean {
  return ORDER.indexOf(role) >= ORDER.indexOf(least);
}

/** What stands in an address behind the question mark. */
export type Raw = Record<string, string | undefined>;

/** One page. A room is registered by the default export of its `page.ts`: one of these or a list. */
export interface Page<View extends object = object> {
  /** As it stands in the address: `/profiles/$id`. */
  path: string;
  /** Key of its name: `profiles.title`. */
  title: string;
  /** Shown in the navigation where it has an icon. */
  icon?: ComponentType;
  /** Place in the navigation; hundreds leave room between. */
  order?: number;
  /** Who may see it; `viewer` if absent. */
  role?: Role;
  /** Outside the frame, and without signing in. */
  open?: boolean;
  /** The page of the documents that explains it, or the part that is shown: `guide/temperature`. */
  help?: string | ((raw: Raw) => string);
  /** The state of the view from its address; `view({})` gives what holds where nothing is said. */
  view?: (raw: Raw) => View;
  load: () => Promise<{ default: ComponentType }>;
}

/** Names the type of a page's view. */
export function page<View extends object>(one: Page<View>): Page<View> {
  return one;
}

interface How {
  replace?: boolean;
  /** The page stays where it was scrolled to. */
  still?: boolean;
}
type Change<View> = (patch: Partial<View>, how?: How) => void;

/** The state of the view, which lives in the address, and how to change parts of it. */
export function useView<View extends object>(of: Page<View>): [View, Change<View>] {
  const raw = useSearch({ strict: false }) as Raw;
  const navigate = useNavigate();
  const view = useMemo(() => of.view?.(raw) ?? ({} as View), [of, raw]);
  const change = useCallback<Change<View>>(
    (patch, how) => {
      const search = (before: Raw) => written(of, { ...of.view?.(before), ...patch } as View);
      // The address is a plain record of texts here; which page it belongs to is known to its owner.
      const resetScroll = !how?.still;
      void navigate({ to: ".", search: search as never, replace: how?.replace, resetScroll });
    },
    [navigate, of],
  );
  return [view, change];
}

/** The page of the documents that explains what is shown; the start, where none does. */
export function helpOf(of: Page | undefined, raw: Raw): string {
  return typeof of?.help === "function" ? of.help(raw) : (of?.help ?? "start");
}

/** A view as it stands in an address: texts, without what holds anyway. */
export function written<View extends object>(of: Page<View>, view: View): Raw {
  const usual = (of.view?.({}) ?? {}) as Record<string, unknown>;
  const text = (value: unknown) => (value === undefined || value === null ? "" : String(value));
  return Object.fromEntries(
    Object.entries(view)
      .filter(([name, value]) => text(value) !== text(usual[name]))
      .map(([name, value]) => [name, text(value)]),
  );
}

/** One of few words from an address, else the first of them. */
export function oneOf<T extends string>(value: string | undefined, words: readonly [T, ...T[]]): T {
  return words.find((word) => word === value) ?? words[0];
}
