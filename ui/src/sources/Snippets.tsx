import { useQuery } from "@tanstack/react-query";
import { Alert, Select } from "antd";
import { useTranslation } from "react-i18next";
import { CopyText } from "../shell/CopyText";
import { useView } from "../shell/page";
import { keyOf, useKeys } from "./asked";
import { NAMES } from "./names";
import { one } from "./page";
import { BLANK, OPEN, snippet } from "./snippets";

/** How each library is told to send here. */
export function Snippets({ name }: { name: string }) {
  const { t } = useTranslation();
  const [view, setView] = useView(one);
  const { data: key } = useQuery<string>({ queryKey: keyOf(name), enabled: false });
  const about = useKeys().data?.items.find((source) => source.name === name);
  const place = {
    address: location.origin,
    key: key ?? BLANK,
    project: about?.project || name,
  };
  const text = snippet(view.with, place);
  const open = OPEN.includes(view.with);
  return (
    <section className="panel" aria-labelledby="send">
      <h2 id="send">{t("sources.send")}</h2>
      <div className="sources-choice">
        <Select
          aria-label={t("sources.library")}
          value={view.with}
          onChange={(chosen) => setView({ with: chosen }, { replace: true })}
          options={NAMES.map((value) => ({ value, label: t(`sources.libraries.${value}`) }))}
        />
        <CopyText text={text} />
      </div>
      <pre className="sources-snippet" data-snippet={view.with}>
        <code>{text}</code>
      </pre>
      {!key && <p className="soft">{t("sources.fill_in", { blank: BLANK })}</p>}
      {view.with === "script" && <p className="soft">{t("sources.script_about")}</p>}
      {view.with === "miniprogram" && <p className="soft">{t("sources.miniprogram_about")}</p>}
      {about && open && !about.public && (
        <Alert type="warning" showIcon title={t("sources.should_be_public")} />
      )}
      {about && !open && about.public && (
        <Alert type="info" showIcon title={t("sources.need_not_be_public")} />
      )}
      <p className="soft">{t("sources.soon")}</p>
    </section>
  );
}
