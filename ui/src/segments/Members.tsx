import { useTranslation } from "react-i18next";
import { Members as Listed } from "../named/Members";
import { type Segment, useMembers } from "./kept";

/** Who is in a segment. */
export function Members({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const found = useMembers(segment);
  return (
    <Listed
      title={t("segments.members")}
      among={`segment:${segment.id}`}
      found={found}
      name={segment.name}
      from={`/api/segments/${encodeURIComponent(segment.id)}/export`}
      next={t("segments.nobody_next")}
    />
  );
}
