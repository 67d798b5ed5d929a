import { api, told } from "../api/client";
import { usePages } from "../shell/paging";

const PAGE = 100;

/** Whom one thing that sorts people means, the hottest first, with their names; anew `since`. */
export function useAmong(among: string, since: (string | number | null | undefined)[]) {
  return usePages(["profiles", "among", among, ...since], (cursor) => {
    const query = { among, sort: "-temperature" as const, detail: true, limit: PAGE, cursor };
    return told(api.GET("/api/profiles", { params: { query } }));
  });
}
