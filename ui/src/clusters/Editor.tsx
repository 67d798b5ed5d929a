import { Button, Checkbox, Input } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { isChanged, useVersion } from "../named/asked";
import { useVocabulary } from "../segments/asked";
import { Choice, Choices } from "../segments/Fields";
import type { Vocabulary } from "../segments/leaves";
import { Answer, Failure } from "../shell/Told";
import { type Clustering, useChanges } from "./asked";
import { choices, FIRST, key } from "./traits";

const MOST = 12;

interface Edited {
  /** The one that is changed; none where a new one is made. */
  kept?: Clustering;
  done: (saved?: Clustering) => void;
}

/** By which traits, into how many groups. */
export function Editor(edited: Edited) {
  const there = useVocabulary();
  return <Answer of={there}>{(vocabulary) => <Form {...edited} there={vocabulary} />}</Answer>;
}

function Form({ kept, done, there }: Edited & { there: Vocabulary }) {
  const { t } = useTranslation();
  const id = useId();
  const { save } = useChanges();
  const [version, setRead] = useVersion(kept);
  const [name, setName] = useState(kept?.name ?? "");
  const [traits, setTraits] = useState(() => (kept?.traits ?? FIRST).map(key));
  const [count, setCount] = useState(String(kept?.count ?? 0));
  const [daily, setDaily] = useState(kept?.daily ?? false);
  const [names, setNames] = useState<Record<string, string>>({});
  const offered = choices(there, t);
  const known = new Set(offered.map(({ value }) => value));
  const others = (kept?.traits ?? []).map((trait, at) => ({
    value: key(trait),
    label: kept?.labels[at] ?? key(trait),
  }));
  const options = [...offered, ...others.filter(({ value }) => !known.has(value))];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      name: name.trim(),
      description: kept?.description ?? "",
      traits: traits.map((one) => JSON.parse(one) as Record<string, unknown>),
      count: Number(count),
      daily,
      names,
    };
    save.mutate(
      { id: kept?.id ?? "", body, version },
      { onSuccess: done, onError: (error) => isChanged(error) && setRead(undefined) },
    );
  };
  const counts = ["0", ...Array.from({ length: MOST - 1 }, (_, at) => String(at + 2))];
  return (
    <form className="panel clusters-form" onSubmit={submit}>
      <label htmlFor={`${id}-name`}>{t("clusters.name")}</label>
      <Input
        id={`${id}-name`}
        value={name}
        maxLength={100}
        autoComplete="off"
        onChange={({ target }) => setName(target.value)}
      />
      <span>{t("clusters.traits")}</span>
      <Choices label={t("clusters.traits")} values={traits} options={options} change={setTraits} />
      <div className="clusters-fields">
        <span>{t("clusters.count")}</span>
        <Choice
          label={t("clusters.count")}
          value={count}
          options={counts.map((value) => ({
            value,
            label: value === "0" ? t("clusters.best") : t("clusters.fixed", { count: value }),
          }))}
          change={setCount}
          width={160}
        />
        <Checkbox checked={daily} onChange={({ target }) => setDaily(target.checked)}>
          {t("clusters.daily")}
        </Checkbox>
      </div>
      {kept?.found?.groups.map((group) => (
        <Input
          key={group.id}
          aria-label={`${t("clusters.group")}: ${group.name}`}
          prefix={<span className="soft">{t("clusters.group")}</span>}
          value={names[group.id] ?? group.name}
          maxLength={100}
          onChange={({ target }) => setNames({ ...names, [group.id]: target.value })}
        />
      ))}
      {save.error && <Failure error={save.error} />}
      <div className="clusters-fields">
        <Button
          type="primary"
          htmlType="submit"
          disabled={name.trim() === "" || traits.length === 0}
          loading={save.isPending}
        >
          {t(kept ? "clusters.save" : "clusters.find")}
        </Button>
        <Button onClick={() => done()}>{t("clusters.cancel")}</Button>
      </div>
    </form>
  );
}
