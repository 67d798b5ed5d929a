import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";

export type Template = components["schemas"]["Template"];
export type Found = components["schemas"]["TemplateShown"];
export type Item = components["schemas"]["TemplateItem"];
export type Name = components["schemas"]["Name"];
export type Became = components["schemas"]["Became"];
export type Said = Record<string, string | string[]>;

export const KINDS = ["segment", "tag", "score", "rule"] as const;
const TEMPLATES = ["templates"];

function useSpoken(): "zh" | "en" {
  return useTranslation().i18n.language === "en" ? "en" : "zh";
}

export function useTemplates() {
  const lang = useSpoken();
  return useQuery({
    queryKey: [...TEMPLATES, lang],
    queryFn: () => told(api.GET("/api/templates", { params: { query: { lang } } })),
  });
}

/** A template by these names, with how many each item holds of. */
export function useTemplate(id: string, names: Said) {
  const lang = useSpoken();
  const params = { path: { id }, query: { lang } };
  return useQuery({
    queryKey: [...TEMPLATES, lang, id, JSON.stringify(names)],
    queryFn: () => told(api.POST("/api/templates/{id}/preview", { params, body: { names } })),
    placeholderData: keepPreviousData,
  });
}

/** Switches items on or off; what stands elsewhere is read anew. */
export function useSwitch(id: string, names: Said) {
  const lang = useSpoken();
  const cache = useQueryClient();
  const params = { path: { id }, query: { lang } };
  return useMutation({
    mutationFn: ({
      on,
      items,
      replace = false,
    }: {
      on: boolean;
      items: string[];
      replace?: boolean;
    }) =>
      on
        ? told(api.POST("/api/templates/{id}/apply", { params, body: { names, items, replace } }))
        : told(api.POST("/api/templates/{id}/remove", { params, body: { items } })),
    onSettled: () => cache.invalidateQueries(),
  });
}

/** The names that an address tells; nothing where it tells none that can be read. */
export function namesOf(text: string): Said {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found !== "object" || found === null || Array.isArray(found)) return {};
    const fits = (value: unknown) =>
      typeof value === "string" ||
      (Array.isArray(value) && value.every((word) => typeof word === "string"));
    return Object.fromEntries(Object.entries(found).filter(([, value]) => fits(value)));
  } catch {
    return {};
  }
}

/** The same with one name said otherwise, as an address tells it; an empty one is looked for. */
export function saying(names: Said, key: string, value: string | string[]): string {
  const { [key]: _, ...others } = names;
  const all = value.length === 0 ? others : { ...others, [key]: value };
  return Object.keys(all).length === 0 ? "" : JSON.stringify(all);
}
