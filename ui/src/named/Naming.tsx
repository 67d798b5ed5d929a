import { Button } from "antd";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { Said } from "../refusals/Said";
import { Failure } from "../shell/Told";
import { type Kind, type Kinds, type Named, useSave } from "./asked";
import { type Called, CalledFields } from "./Called";
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
  const save = useSave(kind, kept);
  // What was not typed here stays as it is, also where somebody else changes it meanwhile.
  const [typed, type] = useState<Partial<Called>>({});
  const { name: before = "", description = "" } = kept ?? {};
  const called = { name: before, description, ...typed };
  const call = (now: Called) =>
    type({
      ...typed,
      ...(now.name !== called.name && { name: now.name }),
      ...(now.description !== called.description && { description: now.description }),
    });
  const name = called.name.trim();
  const unready = blocked || name === "" || save.isPending;
  const put = (into: string) => {
    const whole = { ...said, name, description: called.description } as Kinds[K][1];
    save.mutate({ id: into, said: whole }, { onSuccess: done });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!unready) put(kept?.id ?? "");
  };
  const faults = save.error instanceof Problem ? save.error.faults : [];
  return (
    <form className="named-form" onSubmit={submit}>
      <CalledFields
        called={called}
        labels={{ name: t("named.name"), description: t("named.description") }}
        most={1_000}
        change={call}
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
          <Button disabled={unready || name === kept.name} onClick={() => put("")}>
            {t("named.save_as")}
          </Button>
        )}
        {cancel && <Button onClick={() => cancel()}>{t("named.cancel")}</Button>}
      </div>
    </form>
  );
}
