import { CloseOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Cascader } from "antd";
import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { Answer, Failure } from "../shell/Told";
import { useUndo } from "../shell/undo";
import { type Tag, useMark, useTags, useTagsOf, useTakeBack } from "./asked";
import "./tags.css";

/** The tags of a profile: who set each and when; those by hand can be set and taken off. */
export function TagsOf({ profile }: { profile: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = useTagsOf(profile);
  const catalogue = useTags();
  const mark = useMark();
  const back = useTakeBack();
  const offer = useUndo();
  const put = (id: string, name: string, value: string, on: boolean) =>
    mark.mutate(
      { id, body: { profiles: [profile], value: on ? value : "", on } },
      {
        onSuccess: ({ entry }) =>
          offer(t(on ? "tags.was_set" : "tags.was_taken_off", { count: 1, name }), () =>
            back(entry),
          ),
      },
    );
  const hand = (catalogue.data?.items ?? []).filter(({ kind }) => kind === "hand");
  const choose = ([id = "", value = ""]: string[]) => {
    const tag = hand.find((one) => one.id === id);
    if (tag) put(id, tag.name, value, true);
  };
  return (
    <section className="panel" aria-labelledby="tags-of">
      <div className="tags-bar">
        <h2 id="tags-of">{t("tags.of")}</h2>
        {hand.length > 0 && (
          <Cascader
            options={hand.map(optionOf)}
            value={[]}
            onChange={(chosen) => choose(chosen as string[])}
            showSearch
            allowClear={false}
            aria-label={t("tags.add")}
            placeholder={t("tags.add")}
            style={{ width: 180 }}
          />
        )}
      </div>
      {mark.error && <Failure error={mark.error} />}
      <Answer of={found}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{t("tags.of_none")}</p>
          ) : (
            <ul className="tags-of">
              {items.map(({ id, name, kind, value, at, by }) => (
                <li key={id}>
                  <Link to={"/tags/$id" as never} params={{ id } as never}>
                    {name}
                  </Link>
                  {value && <b>{value}</b>}
                  <span className="soft">
                    {kind === "rule" || !at
                      ? t("tags.by_rule")
                      : t("tags.by_at", { by, at: format.day(at) })}
                  </span>
                  {kind === "hand" ? (
                    <Button
                      type="text"
                      size="small"
                      icon={<CloseOutlined />}
                      aria-label={t("tags.take_one_off", { name })}
                      onClick={() => put(id, name, "", false)}
                    />
                  ) : (
                    <span />
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </section>
  );
}

function optionOf(tag: Tag) {
  const words = tag.values.map(({ value }) => value).filter(Boolean);
  const children = words.map((value) => ({ value, label: value }));
  return { value: tag.id, label: tag.name, ...(children.length > 0 ? { children } : {}) };
}
