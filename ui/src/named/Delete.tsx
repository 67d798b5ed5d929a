import { DeleteOutlined } from "@ant-design/icons";
import { App, Button, Popconfirm } from "antd";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { Said } from "../refusals/Said";
import { type Kind, type Named, useDelete } from "./asked";

/** Forgets something that has a name, unless a rule names it. */
export function Delete({ kind, one, gone }: { kind: Kind; one: Named; gone: () => void }) {
  const { t } = useTranslation();
  const forget = useDelete(kind);
  const { notification } = App.useApp();
  const remove = () =>
    forget.mutate(one.id, {
      onSuccess: gone,
      onError: (error) =>
        notification.error({
          title: t("named.not_deleted"),
          description: error instanceof Problem ? <Said text={error.detail} /> : undefined,
        }),
    });
  const used = one.used_by.length > 0;
  return (
    <Popconfirm
      title={t("named.delete_sure", { name: one.name })}
      onConfirm={remove}
      disabled={used}
    >
      <Button
        icon={<DeleteOutlined />}
        disabled={used}
        title={used ? t("named.delete_used") : undefined}
        loading={forget.isPending}
      >
        {t("named.delete")}
      </Button>
    </Popconfirm>
  );
}
