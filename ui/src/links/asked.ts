import { useQuery } from "@tanstack/react-query";
import { api, told } from "../api/client";
import type { components } from "../api/schema";

export type ShortLink = components["schemas"]["ShortLink"];

export const KEY = "links";
const EVERY_MS = 10_000;

/** Every link, and how often it was followed by now. */
export function useLinks() {
  return useQuery({
    queryKey: [KEY],
    queryFn: () => told(api.GET("/api/links")),
    refetchInterval: EVERY_MS,
  });
}

/** Where the QR code of a link is drawn. */
export function picture({ id, address }: ShortLink, form: "svg" | "png"): string {
  // Another address is another picture, whatever a browser has kept.
  return `/api/links/${id}/qr?form=${form}&scale=16#${address}`;
}
