import { Button, Input } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../shell/Told";
import { type Said, type Segment, useSave } from "./kept";
import type { Tree } from "./tree";

const LONGEST = 100;

interface Shown {
  /** What it is called now, where it has a name. */
  kept?: Segment;
  /** The rule to be kept; without one that of before stays. */
  rule?: Tree;
  /** Why it cannot be kept now. */
  blocked?: boolean;
  done: (saved: Segment) => void;
  cancel?: () => void;
}

/** Keeps a rule under a name, or gives a segment another name and rule. */
export function Naming({ kept, rule, blocked = false, done, cancel }: Shown) {
  const { t } = useTranslation();
  const id = useId();
  const save = useSave();
  const [name, setName] = useState(kept?.name ?? "");
  const [description, setDescription] = useState(kept?.description ?? "");
  const said: Said = { name: name.trim(), description, rule: rule ?? (kept?.rule as Tree | null) };
  const put = (into: string) => save.mutate({ id: into, said }, { onSuccess: done });
  const unready = blocked || said.name === "" || save.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!unready) put(kept?.id ?? "");
  };
  return (
    <form className="segments-naming" onSubmit={submit}>
      <label htmlFor={`${id}-name`}>{t("segments.name")}</label>
      <Input
        id={`${id}-name`}
        value={name}
        maxLength={LONGEST}
        autoComplete="off"
        onChange={({ target }) => setName(target.value)}
      />
      <label htmlFor={`${id}-why`}>{t("segments.description")}</label>
      <Input.TextArea
        id={`${id}-why`}
        value={description}
        maxLength={1_000}
        autoSize={{ minRows: 1, maxRows: 4 }}
        onChange={({ target }) => setDescription(target.value)}
      />
      {save.error && <Failure error={save.error} />}
      <div className="segments-adding">
        <Button type="primary" htmlType="submit" disabled={unready} loading={save.isPending}>
          {t(kept ? "segments.save" : "segments.create")}
        </Button>
        {kept && rule && (
          <Button disabled={unready || said.name === kept.name} onClick={() => put("")}>
            {t("segments.save_as")}
          </Button>
        )}
        {cancel && <Button onClick={cancel}>{t("segments.cancel")}</Button>}
      </div>
    </form>
  );
}
