import { Button, Input } from "antd";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { Said } from "../refusals/Said";
import { Failure } from "../shell/Told";
import { type Kind, type Kinds, type Named, useSave } from "./asked";
import "./named.css";

interface Shown<K extends Kind> {
  kind: K;
  /** What it is now, where it is there already. */
  kept?: Named;
  /** All of it but the name. */
  said: Omit<Kinds[K][1], "name" | "description">;
  /** Why it cannot be kept now. */
  blocked?: boolean;
  /** What the button says. */
  label?: string;
  /** May it be kept a second time, under another name? */
  copies?: boolean;
  done: (saved: Kinds[K][0]) => void;
  cancel?: () => void;
  children?: ReactNode;
}

/** Keeps something under a name, or gives it another name. */
export function Naming<K extends Kind>(shown: Shown<K>) {
  const { kind, kept, said, blocked = false, copies = false, done, cancel, children } = shown;
  const { t } = useTranslation();
  const id = useId();
  const save = useSave(kind);
  const [name, setName] = useState(kept?.name ?? "");
  const [description, setDescription] = useState(kept?.description ?? "");
  const called = name.trim();
  const unready = blocked || called === "" || save.isPending;
  const put = (into: string) => {
    const whole = { ...said, name: called, description } as Kinds[K][1];
    save.mutate({ id: into, said: whole }, { onSuccess: done });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!unready) put(kept?.id ?? "");
  };
  const faults = save.error instanceof Problem ? save.error.faults : [];
  return (
    <form className="named-form" onSubmit={submit}>
      <label htmlFor={`${id}-name`}>{t("named.name")}</label>
      <Input
        id={`${id}-name`}
        value={name}
        maxLength={100}
        autoComplete="off"
        onChange={({ target }) => setName(target.value)}
      />
      <label htmlFor={`${id}-why`}>{t("named.description")}</label>
      <Input.TextArea
        id={`${id}-why`}
        value={description}
        maxLength={1_000}
        autoSize={{ minRows: 1, maxRows: 4 }}
        onChange={({ target }) => setDescription(target.value)}
      />
      {children}
      {save.error && <Failure error={save.error} />}
      {faults.length > 0 && (
        <ul className="named-faults">
          {faults.map(({ where, detail }) => (
            <li key={`${where} ${detail}`}>
              <code>{where}</code> <Said text={detail} />
            </li>
          ))}
        </ul>
      )}
      <div className="named-bar">
        <Button type="primary" htmlType="submit" disabled={unready} loading={save.isPending}>
          {shown.label ?? t("named.save")}
        </Button>
        {kept && copies && (
          <Button disabled={unready || called === kept.name} onClick={() => put("")}>
            {t("named.save_as")}
          </Button>
        )}
        {cancel && <Button onClick={() => cancel()}>{t("named.cancel")}</Button>}
      </div>
    </form>
  );
}
