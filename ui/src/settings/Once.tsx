import { Button, Typography } from "antd";
import { useTranslation } from "react-i18next";

/** A secret that is shown this once, to be copied. */
export function Once({ title, text, close }: { title: string; text: string; close: () => void }) {
  const { t } = useTranslation();
  return (
    <section className="panel settings-once" role="status">
      <b>{title}</b>
      <Typography.Paragraph copyable code className="settings-secret">
        {text}
      </Typography.Paragraph>
      <p className="soft">{t("settings.once")}</p>
      <Button onClick={close}>{t("settings.close")}</Button>
    </section>
  );
}
