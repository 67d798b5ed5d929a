import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sentences, translated } from "./sentences";

/** A text of the server in the language of the page; in its own, where nobody translated it. */
export function Said({ text }: { text: string }): string {
  const { t, i18n } = useTranslation();
  const foreign = i18n.language !== "en" && text !== "";
  // The English catalogue is asked for where something is to be recognised, not before.
  const known = useQuery({
    queryKey: ["refusals"],
    queryFn: async () => sentences((await import("./en")).default),
    enabled: foreign,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  if (!foreign || known.isError) return text;
  const say = (code: string, values: object) => t(`refusals.${code}`, { ...values });
  return known.data ? translated(known.data, say, text) : "";
}
