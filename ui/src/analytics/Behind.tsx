import { Button, Drawer } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSpoken } from "../i18n";
import { CalledFields } from "../named/Called";
import { Kept } from "../named/Kept";
import { People } from "../named/People";
import { useFormat } from "../shell/format";
import { Failure } from "../shell/Told";
import { type Answer, type Cell, type Item, useBehind, useKeep } from "./asked";
import type { Show } from "./figures";
import type { Body } from "./parameters";
import { spoken } from "./words";

interface Shown {
  item: Item;
  answer: Answer;
  asked: Body;
  cell: Cell;
  show: Show;
  close: () => void;
}

/** What a number is called: its column, and what its row is about. */
function useCalled({ item, answer, cell, show }: Omit<Shown, "close" | "asked">): string {
  const language = useSpoken();
  const table = answer.tables.find(({ name }) => name === cell.table);
  const keys = (table?.columns ?? []).filter(({ key, name }) => key && name in cell);
  const about = keys.map(({ name, kind }) => {
    const value = show(kind, cell[name], name);
    return `${spoken(item.words.columns, name, language)} ${value}`;
  });
  return [spoken(item.words.columns, String(cell.column), language), ...about].join(" · ");
}

/** Who is behind a number, and one click to a segment of them. */
export function Behind(shown: Shown) {
  const { t } = useTranslation();
  const called = useCalled(shown);
  const { item, asked, cell, close } = shown;
  const found = useBehind(item.name, asked, cell);
  return (
    <Drawer open size={Math.min(560, innerWidth)} onClose={close} title={called}>
      <p className="soft">{t("analytics.known_only")}</p>
      <People
        label={t("analytics.behind")}
        found={found}
        nobody={t("analytics.nobody_known")}
        next={t("analytics.nobody_known_next")}
        height="50vh"
      />
      {found.data?.length ? <Keep {...shown} called={called} /> : null}
    </Drawer>
  );
}

function Keep({ item, answer, asked, cell, called }: Shown & { called: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useSpoken();
  const keep = useKeep(item.name);
  const [said, say] = useState({
    name: `${item.words.title[language]} ${called} ${format.day(answer.as_of)}`.slice(0, 100),
    description: "",
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    keep.mutate({ parameters: asked, cell, ...said, name: said.name.trim() });
  };
  if (keep.data) return <Kept id={keep.data.id} said={t("analytics.kept")} />;
  return (
    <form className="named-form analytics-keep" onSubmit={submit}>
      <CalledFields
        called={said}
        labels={{ name: t("analytics.keep_name"), description: t("analytics.keep_why") }}
        most={1_000}
        change={say}
      />
      {keep.error && <Failure error={keep.error} />}
      <Button
        type="primary"
        htmlType="submit"
        loading={keep.isPending}
        disabled={said.name.trim() === ""}
      >
        {t("analytics.keep")}
      </Button>
    </form>
  );
}
