import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Named } from "./asked";

type User = Named["used_by"][number];

function placeOf({ kind, id }: User): { to: string; params?: object; search?: object } {
  if (kind === "segment" || kind === "tag") return { to: `/${kind}s/$id`, params: { id } };
  if (kind === "report") return { to: "/analytics", search: { report: id } };
  if (kind === "dashboard") return { to: "/dashboards/$id", params: { id } };
  return { to: kind === "scheme" ? "/tiers" : `/${kind}s`, search: { id } };
}

/** What names it in a rule, each a way there. */
export function UsedBy({ users }: { users: User[] }) {
  const { t } = useTranslation();
  if (users.length === 0) return <>{t("named.nothing")}</>;
  return users.map((one, at) => (
    <span key={one.id}>
      {at > 0 && t("named.comma")}
      <Link {...(placeOf(one) as Record<"to", never>)}>{one.name}</Link>
    </span>
  ));
}
