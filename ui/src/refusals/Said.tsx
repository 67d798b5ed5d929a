import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { filled, sentences, translated } from "./sentences";

/** A text of the server in the language of the page; in its own, where nobody translated it. */
export function Said({ text }: { text: string }): string {
  const { i18n } = useTranslation();
  const foreign = i18n.language !== "en" && text !== "";
  // Both catalogues are asked for where something is to be recognised, not before.
  const known = useQuery({
    queryKey: ["refusals"],
    queryFn: async () => {
      const [en, zh] = await Promise.all([import("./en"), import("./zh")]);
      return { english: sentences(en.default), chinese: zh.default as Record<string, string> };
    },
    enabled: foreign,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  if (!foreign || known.isError) return text;
  if (!known.data) return "";
  const { english, chinese } = known.data;
  return translated(english, (code, values) => filled(chinese[code] ?? "", values), text);
}
