import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { Members as Listed } from "../named/Members";
import { useView } from "../shell/page";
import { type Tag, useMembers } from "./asked";
import { one as page } from "./page";

/** Who has a tag, or one value of it. */
export function Members({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const [view, setView] = useView(page);
  const words = tag.values.map(({ value }) => value).filter(Boolean);
  const value = words.includes(view.value) ? view.value : undefined;
  const found = useMembers(tag, value);
  return (
    <Listed
      title={t("tags.members")}
      among={value ? `tag:${tag.id}:${value}` : `tag:${tag.id}`}
      found={found}
      name={tag.name}
      from={`/api/tags/${encodeURIComponent(tag.id)}/export`}
      query={value ? { value } : {}}
      next={t("tags.nobody_next")}
    >
      {words.length > 0 && (
        <Select
          aria-label={t("tags.value")}
          value={value ?? ""}
          options={[
            { value: "", label: t("tags.any_value") },
            ...words.map((one) => ({ value: one, label: one })),
          ]}
          onChange={(next) => setView({ value: next }, { still: true })}
          popupMatchSelectWidth={false}
          style={{ minWidth: 140 }}
        />
      )}
    </Listed>
  );
}
