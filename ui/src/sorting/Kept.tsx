import { DeleteOutlined, EditOutlined } from "@ant-design/icons";
import { App, Button, Input, Popconfirm } from "antd";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { Said } from "../refusals/Said";
import { Failure } from "../shell/Told";
import { type Kind, type Kinds, useDelete, useSave } from "./asked";

interface Named {
  id: string;
  name: string;
  description: string;
  used_by: { id: string; name: string }[];
}

/** What one is called, and what keeps it. */
export function Naming<K extends Kind>({
  kind,
  kept,
  said,
  blocked,
  done,
  children,
}: {
  kind: K;
  kept?: Named;
  /** All of it but the name. */
  said: Omit<Kinds[K][1], "name" | "description">;
  blocked?: boolean;
  done: (saved?: Kinds[K][0]) => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const id = useId();
  const save = useSave(kind);
  const [name, setName] = useState(kept?.name ?? "");
  const [description, setDescription] = useState(kept?.description ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const whole = { ...said, name: name.trim(), description } as Kinds[K][1];
    save.mutate({ id: kept?.id ?? "", said: whole }, { onSuccess: done });
  };
  const faults = save.error instanceof Problem ? save.error.faults : [];
  return (
    <form className="panel sorting-form" onSubmit={submit}>
      <label htmlFor={`${id}-name`}>{t("sorting.name")}</label>
      <Input
        id={`${id}-name`}
        value={name}
        maxLength={100}
        autoComplete="off"
        onChange={({ target }) => setName(target.value)}
      />
      <label htmlFor={`${id}-why`}>{t("sorting.description")}</label>
      <Input
        id={`${id}-why`}
        value={description}
        maxLength={1_000}
        autoComplete="off"
        onChange={({ target }) => setDescription(target.value)}
      />
      {children}
      {save.error && <Failure error={save.error} />}
      {faults.length > 0 && (
        <ul>
          {faults.map(({ where, detail }) => (
            <li key={`${where} ${detail}`}>
              <code>{where}</code> {detail}
            </li>
          ))}
        </ul>
      )}
      <div className="sorting-fields">
        <Button
          type="primary"
          htmlType="submit"
          disabled={blocked || name.trim() === "" || save.isPending}
          loading={save.isPending}
        >
          {t("sorting.save")}
        </Button>
        <Button onClick={() => done()}>{t("sorting.cancel")}</Button>
      </div>
    </form>
  );
}

/** Change and delete, with what uses it. */
export function Actions({
  kind,
  one,
  edit,
  gone,
  children,
}: {
  kind: Kind;
  one: Named;
  edit: () => void;
  gone: () => void;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const forget = useDelete(kind);
  const { notification } = App.useApp();
  const remove = () =>
    forget.mutate(one.id, {
      onSuccess: gone,
      onError: (error) =>
        notification.error({
          title: t("sorting.not_deleted"),
          description: error instanceof Problem ? <Said text={error.detail} /> : undefined,
        }),
    });
  const used = one.used_by.length > 0;
  return (
    <div className="sorting-fields">
      <Button icon={<EditOutlined />} onClick={edit}>
        {t("sorting.edit")}
      </Button>
      {children}
      <Popconfirm
        title={t("sorting.delete_sure", { name: one.name })}
        onConfirm={remove}
        disabled={used}
      >
        <Button icon={<DeleteOutlined />} disabled={used} danger>
          {t("sorting.delete")}
        </Button>
      </Popconfirm>
      {used && (
        <span className="soft">
          {t("sorting.used_by", {
            names: one.used_by.map((user) => user.name).join(t("sorting.comma")),
          })}
        </span>
      )}
    </div>
  );
}
