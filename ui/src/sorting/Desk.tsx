import { EditOutlined, PlusOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { type ComponentType, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Kinds, Named } from "../named/asked";
import { Delete } from "../named/Delete";
import { UsedBy } from "../named/UsedBy";
import { useVocabulary } from "../segments/asked";
import type { Vocabulary } from "../segments/leaves";
import { type Page, useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { Answer, Some } from "../shell/Told";
import { type Kind, useKept } from "./asked";
import "./sorting.css";

/** What an editor of one is given. */
export interface Editing<K extends Kind> {
  kept?: Kinds[K][0];
  there: Vocabulary;
  done: (saved?: Kinds[K][0]) => void;
}

interface Shown<K extends Kind> {
  kind: K;
  page: Page<{ id: string }>;
  words: Record<"about" | "make" | "none" | "next", string>;
  Editor: ComponentType<Editing<K>>;
  /** All of them; one is chosen there. */
  listed: (items: Kinds[K][0][]) => ReactNode;
  /** The one that is looked at; with what may be done with it. */
  children: (one: Kinds[K][0], actions: ReactNode) => ReactNode;
}

/** A page of scores, tiers or groups: all of them, the one that is looked at, and its editor. */
export function Desk<K extends Kind>(shown: Shown<K>) {
  const { kind, page, words, Editor, listed, children } = shown;
  const { t } = useTranslation();
  const found = useKept(kind);
  const there = useVocabulary();
  const [view, setView] = useView(page);
  const [editing, edit] = useState<Kinds[K][0] | "new">();
  const done = (saved?: Named) => {
    edit(undefined);
    if (saved) setView({ id: saved.id });
  };
  const kept = editing === "new" ? undefined : editing;
  return (
    <>
      <div className="title">
        <h1>{t(page.title)}</h1>
        <div className="actions">
          <Button type="primary" icon={<PlusOutlined />} onClick={() => edit("new")}>
            {words.make}
          </Button>
        </div>
        <p>{words.about}</p>
      </div>
      {editing && (
        <Answer of={there}>
          {(vocabulary) => (
            <section className="panel" aria-label={kept?.name ?? words.make}>
              <Editor key={kept?.id} kept={kept} there={vocabulary} done={done} />
            </section>
          )}
        </Answer>
      )}
      <Some of={found} none={words.none} next={words.next}>
        {(items) => {
          const one = items.find(({ id }) => id === view.id) ?? items[0];
          const gone = () => setView({ id: "" }, { replace: true });
          return (
            <>
              <section className="panel">{listed(items)}</section>
              {children(
                one,
                <>
                  <Button icon={<EditOutlined />} onClick={() => edit(one)}>
                    {t("sorting.edit")}
                  </Button>
                  <Delete kind={kind} one={one} gone={gone} />
                </>,
              )}
            </>
          );
        }}
      </Some>
    </>
  );
}

interface Listed<T extends Named> {
  page: Page;
  items: T[];
  /** What stands between the name and what uses it. */
  columns: Cell<T>[];
}

export function List<T extends Named>({ page, items, columns }: Listed<T>) {
  const { t } = useTranslation();
  const name: Cell<T> = {
    key: "name",
    title: t("sorting.name"),
    head: true,
    show: (one) => (
      <Link to={page.path as never} search={{ id: one.id } as never}>
        {one.name}
      </Link>
    ),
  };
  const used: Cell<T> = {
    key: "used",
    title: t("sorting.used"),
    show: (one) => <UsedBy users={one.used_by} />,
  };
  return (
    <Sheet
      label={t(page.title)}
      columns={[name, ...columns, used]}
      rows={items}
      rowKey={({ id }) => id}
    />
  );
}

interface Told {
  one: Named;
  /** What may be done with it. */
  actions: ReactNode;
  children?: ReactNode;
}

/** The one that is looked at. */
export function One({ one, actions, children }: Told) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{one.name}</h2>
      {one.description && <p className="soft">{one.description}</p>}
      <div className="sorting-fields">{actions}</div>
      {children}
    </section>
  );
}
