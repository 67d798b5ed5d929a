import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Figures } from "./figures";

const CELL = /^8[0-9a-f]{14}$/;

/** Which words of a place on a map are its name in a language: the first of them that there is. */
export function labelIn(language: string): unknown[] {
  const own = language === "en" ? ["name:en", "name_en"] : ["name:zh-Hans", "name:zh", "name_zh"];
  return ["coalesce", ...[...own, "name"].map((word) => ["get", word])];
}

/** What an area is called; cells are told apart by the end of what numbers them. */
export function useNames(): (area: Pick<Figures, "id" | "name">) => string {
  const { t } = useTranslation();
  return useCallback(
    ({ id, name }) => {
      if (!CELL.test(id)) return name || id;
      const end = id.replace(/f+$/, "").slice(-4);
      return name ? t("map.cell_in", { name, end }) : t("map.cell", { end });
    },
    [t],
  );
}
