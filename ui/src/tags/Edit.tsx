import {
  ArrowDownOutlined,
  ArrowUpOutlined,
  DeleteOutlined,
  PlusOutlined,
} from "@ant-design/icons";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Input, Segmented } from "antd";
import { type FormEvent, useCallback, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Fault, Problem } from "../api/problem";
import { useSave } from "../named/asked";
import { CalledFields } from "../named/Called";
import { useVocabulary } from "../segments/asked";
import type { Vocabulary } from "../segments/leaves";
import { finished, type Rule, RuleField, ruleOf, treeOf } from "../segments/RuleField";
import { fresh, group, type Tree } from "../segments/tree";
import { useView } from "../shell/page";
import { Answer, Failure } from "../shell/Told";
import { type Tag, useTag } from "./asked";
import { edit } from "./page";
import "./tags.css";

interface Row {
  key: number;
  value: string;
  rule: Rule;
}

/** Makes a tag, or changes one. */
export default function Edit() {
  const { t } = useTranslation();
  const [view] = useView(edit);
  const there = useVocabulary();
  const kept = useTag(view.id);
  return (
    <>
      <div className="title">
        <h1>{t(view.id ? "tags.change" : "tags.new")}</h1>
        <p>{t("tags.edit_about")}</p>
      </div>
      <Answer of={there}>
        {(vocabulary) =>
          view.id === "" ? (
            <Form there={vocabulary} />
          ) : (
            <Answer of={kept}>
              {(one) => <Form key={one.id} there={vocabulary} kept={one} />}
            </Answer>
          )
        }
      </Answer>
    </>
  );
}

const blank = (): Row => ({ key: fresh(), value: "", rule: { node: group("and") } });

function rowsOf(kept: Tag | undefined): Row[] {
  if (!kept) return [blank()];
  return kept.values.map(({ value, rule }) => ({
    key: fresh(),
    value,
    rule: ruleOf((rule ?? { and: [] }) as Tree),
  }));
}

type Kind = "rule" | "hand";
type Form = "yes" | "values";

function Form({ there, kept }: { there: Vocabulary; kept?: Tag }) {
  const { t } = useTranslation();
  const id = useId();
  const navigate = useNavigate();
  const save = useSave("tags", kept);
  const [called, call] = useState({
    name: kept?.name ?? "",
    description: kept?.description ?? "",
  });
  const [owner, own] = useState(kept?.owner ?? "");
  const [kind, setKind] = useState<Kind>(kept?.kind ?? "rule");
  const [rows, setRows] = useState(() => rowsOf(kept));
  const plain = rows.length === 1 && rows[0]?.value === "";
  const [form, setForm] = useState<Form>(plain ? "yes" : "values");
  const used = form === "yes" ? rows.slice(0, 1) : rows;
  const ready =
    called.name.trim() !== "" &&
    used.length > 0 &&
    (form === "yes" || used.every(({ value }) => value.trim() !== "")) &&
    (kind === "hand" || used.every(({ rule }) => finished(rule)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready || save.isPending) return;
    const values = used.map(({ value, rule }) => ({
      value: form === "yes" ? "" : value,
      rule: kind === "rule" ? treeOf(rule) : null,
    }));
    const said = { ...called, kind, values, ...(owner.trim() ? { owner } : {}) };
    save.mutate(
      { id: kept?.id ?? "", said },
      { onSuccess: (tag) => void navigate({ to: "/tags/$id", params: { id: tag.id } } as never) },
    );
  };
  const faults = save.error instanceof Problem ? save.error.faults : [];
  return (
    <form onSubmit={submit}>
      <section className="panel tags-form">
        <CalledFields
          called={called}
          labels={{ name: t("tags.name"), description: t("tags.meaning") }}
          most={2_000}
          change={call}
        />
        <label htmlFor={`${id}-owner`}>{t("tags.owner")}</label>
        <Input
          id={`${id}-owner`}
          value={owner}
          maxLength={100}
          placeholder={t("tags.owner_how")}
          onChange={({ target }) => own(target.value)}
        />
        <div className="tags-bar">
          <Segmented<Kind>
            value={kind}
            disabled={kept !== undefined}
            aria-label={t("tags.set_by")}
            options={(["rule", "hand"] as const).map((value) => ({
              value,
              label: t(`tags.kind.${value}`),
            }))}
            onChange={setKind}
          />
          <Segmented<Form>
            value={form}
            aria-label={t("tags.values")}
            options={(["yes", "values"] as const).map((value) => ({
              value,
              label: t(`tags.form.${value}`),
            }))}
            onChange={setForm}
          />
        </div>
      </section>
      <Values {...{ there, rows: used, setRows, kind, form, faults }} />
      {save.error && faults.length === 0 && <Failure error={save.error} />}
      <div className="tags-bar">
        <Button type="primary" htmlType="submit" disabled={!ready} loading={save.isPending}>
          {t("tags.save")}
        </Button>
        <Link to={(kept ? "/tags/$id" : "/tags") as never} params={{ id: kept?.id } as never}>
          <Button tabIndex={-1}>{t("tags.cancel")}</Button>
        </Link>
        {!ready && <span className="soft">{t("tags.not_ready")}</span>}
      </div>
    </form>
  );
}

interface Shown {
  there: Vocabulary;
  rows: Row[];
  setRows: (change: (rows: Row[]) => Row[]) => void;
  kind: Kind;
  form: Form;
  faults: Fault[];
}

function Values({ there, rows, setRows, kind, form, faults }: Shown) {
  const { t } = useTranslation();
  const several = form === "values";
  const altered = useCallback(
    (key: number, next: (row: Row) => Row) =>
      setRows((all) => all.map((one) => (one.key === key ? next(one) : one))),
    [setRows],
  );
  if (!several && kind === "hand") return null;
  const move = (at: number, to: number) =>
    setRows((all) => {
      const row = all[at];
      return row ? all.toSpliced(at, 1).toSpliced(to, 0, row) : all;
    });
  return (
    <section className="panel" aria-label={t(several ? "tags.values" : "tags.rule")}>
      <h2>{t(several ? "tags.values" : "tags.rule")}</h2>
      {several && kind === "rule" && <p className="soft">{t("tags.first_counts")}</p>}
      {rows.map((row, at) => (
        <fieldset key={row.key} className="tags-value">
          <legend className="tags-hidden">{t("tags.value_of", { number: at + 1 })}</legend>
          {several && (
            <div className="tags-bar">
              <Input
                className="tags-word"
                aria-label={t("tags.value_of", { number: at + 1 })}
                placeholder={t("tags.value_of", { number: at + 1 })}
                value={row.value}
                maxLength={100}
                onChange={({ target }) =>
                  altered(row.key, (one) => ({ ...one, value: target.value }))
                }
              />
              <Button
                type="text"
                icon={<ArrowUpOutlined />}
                disabled={at === 0}
                aria-label={t("tags.up", { number: at + 1 })}
                onClick={() => move(at, at - 1)}
              />
              <Button
                type="text"
                icon={<ArrowDownOutlined />}
                disabled={at === rows.length - 1}
                aria-label={t("tags.down", { number: at + 1 })}
                onClick={() => move(at, at + 1)}
              />
              <Button
                type="text"
                icon={<DeleteOutlined />}
                disabled={rows.length === 1}
                aria-label={t("tags.remove", { number: at + 1 })}
                onClick={() => setRows((all) => all.filter((one) => one.key !== row.key))}
              />
            </div>
          )}
          {kind === "rule" && (
            <Ruled row={row} there={there} faults={faultsOf(faults, at)} altered={altered} />
          )}
        </fieldset>
      ))}
      {several && (
        <Button icon={<PlusOutlined />} onClick={() => setRows((all) => [...all, blank()])}>
          {t("tags.add_value")}
        </Button>
      )}
    </section>
  );
}

interface One {
  row: Row;
  there: Vocabulary;
  faults: Fault[];
  altered: (key: number, next: (row: Row) => Row) => void;
}

function Ruled({ row, there, faults, altered }: One) {
  const { key } = row;
  const change = useCallback(
    (next: (rule: Rule) => Rule) => altered(key, (one) => ({ ...one, rule: next(one.rule) })),
    [altered, key],
  );
  return <RuleField rule={row.rule} there={there} faults={faults} change={change} />;
}

/** What is wrong with the rule of one value, with places within it. */
function faultsOf(faults: Fault[], at: number): Fault[] {
  const place = `/values/${at}/rule`;
  return faults
    .filter(({ where }) => where.startsWith(place))
    .map(({ where, detail }) => ({ where: where.slice(place.length), detail }));
}
