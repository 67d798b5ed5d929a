import { Link } from "@tanstack/react-router";
import { Result } from "antd";
import { useTranslation } from "react-i18next";

/** There is no page at this address. */
export function Lost() {
  const { t } = useTranslation();
  return (
    <main>
      <Result
        status="warning"
        title={<h1>{t("shell.lost.title")}</h1>}
        subTitle={t("shell.lost.next")}
        extra={<Link to={"/" as never}>{t("shell.lost.home")}</Link>}
      />
    </main>
  );
}
