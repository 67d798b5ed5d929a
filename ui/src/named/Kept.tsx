import { Link } from "@tanstack/react-router";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";

/** A segment was kept: the way to it. */
export function Kept({ id, said }: { id: string; said: string }) {
  const { t } = useTranslation();
  return (
    <Alert
      type="success"
      showIcon
      title={said}
      action={
        <Link to={"/segments/$id" as never} params={{ id } as never}>
          {t("named.open_segment")}
        </Link>
      }
    />
  );
}
