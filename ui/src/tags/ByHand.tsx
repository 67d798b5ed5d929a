import { App, Button, Input, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../shell/Told";
import { useUndo } from "../shell/undo";
import { type Tag, useMark, useTakeBack } from "./asked";

/** Puts a tag on profiles that one names, or takes it off, with the way back. */
export function ByHand({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const id = useId();
  const mark = useMark();
  const back = useTakeBack();
  const offer = useUndo();
  const { notification } = App.useApp();
  const words = tag.values.map(({ value }) => value).filter(Boolean);
  const [text, write] = useState("");
  const [value, choose] = useState(words[0] ?? "");
  const profiles = text.split(/[\n,\uff0c]+/).flatMap((line) => line.trim() || []);
  const put = (on: boolean) =>
    mark.mutate(
      { id: tag.id, body: { profiles, value: on ? value : "", on } },
      {
        onSuccess: ({ entry, found, unknown }) => {
          write(unknown.join("\n"));
          if (unknown.length > 0) {
            notification.warning({ title: t("tags.not_here", { count: unknown.length }) });
          }
          const said = on ? "tags.was_set" : "tags.was_taken_off";
          offer(t(said, { count: found, name: tag.name }), () => back(entry));
        },
      },
    );
  const blocked = profiles.length === 0 || mark.isPending;
  return (
    <section className="panel tags-form" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t("tags.by_hand")}</h2>
      <label htmlFor={id}>{t("tags.whom")}</label>
      <Input.TextArea
        id={id}
        value={text}
        autoSize={{ minRows: 2, maxRows: 8 }}
        placeholder={"user_id:1001\nphone:13800138000"}
        onChange={({ target }) => write(target.value)}
      />
      {mark.error && <Failure error={mark.error} />}
      <div className="tags-bar">
        {words.length > 0 && (
          <Select
            aria-label={t("tags.value")}
            value={value}
            options={words.map((one) => ({ value: one, label: one }))}
            onChange={choose}
            popupMatchSelectWidth={false}
            style={{ minWidth: 140 }}
          />
        )}
        <Button type="primary" disabled={blocked} onClick={() => put(true)}>
          {t("tags.put_on")}
        </Button>
        <Button disabled={blocked} onClick={() => put(false)}>
          {t("tags.take_off")}
        </Button>
      </div>
    </section>
  );
}
