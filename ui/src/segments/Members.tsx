import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Members as Listed } from "../named/Members";
import { type Segment, useMembers } from "./kept";

/** Who is in a segment, with ways to the map and the list of profiles. */
export function Members({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const found = useMembers(segment);
  const search = { segment: segment.id };
  return (
    <Listed
      title={t("segments.members")}
      found={found}
      name={segment.name}
      from={`/api/segments/${encodeURIComponent(segment.id)}/export`}
      next={t("segments.nobody_next")}
    >
      <Link to={"/map" as never} search={search as never}>
        {t("segments.on_map")}
      </Link>
      <Link to={"/profiles" as never} search={search as never}>
        {t("segments.in_list")}
      </Link>
    </Listed>
  );
}
