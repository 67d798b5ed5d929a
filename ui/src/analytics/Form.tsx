import { Button } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Fault } from "../api/problem";
import { Said } from "../refusals/Said";
import { useThere } from "../segments/bench";
import type { Item } from "./asked";
import { Field } from "./Field";
import {
  type Body,
  filled,
  lacking,
  open,
  resolved,
  said,
  WHEN,
  WHOM,
  type Whole,
  within,
} from "./parameters";

interface Shown {
  item: Item;
  asked: Body;
  faults: Fault[];
  busy: boolean;
  ask: (parameters: Body) => void;
}

/** What an analysis is asked: a form made from the schema of its parameters. */
export function Form({ item, asked, faults, busy, ask }: Shown) {
  const { t } = useTranslation();
  const whole = item.parameters as Whole;
  const { properties = {} } = resolved(whole, whole);
  const [form, put] = useState(() => filled(asked, whole));
  const { events } = useThere();
  const left = open(form);
  const lacks = lacking(form, whole, events);
  const names = Object.keys(properties);
  const own = names.filter((name) => !WHEN.includes(name) && !WHOM.includes(name));
  const [plain, fine] = [false, true].map((wanted) =>
    own.filter((name) => (properties[name]?.["x-fine"] ?? false) === wanted),
  ) as [string[], string[]];
  const [opened] = useState(() => fine.some((name) => name in asked));
  const lost = faults.filter((fault) => names.every((name) => within([fault], name).length === 0));
  const fields = (some: string[]) =>
    some
      .filter((name) => name in properties)
      .map((name) => (
        <Field
          key={name}
          name={name}
          schema={properties[name] ?? {}}
          value={form[name]}
          change={(value) => put((now) => ({ ...now, [name]: value }))}
          faults={within(faults, name)}
          lacks={lacks.filter(({ field }) => field === name)}
        />
      ));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (left.length === 0) ask(said(form, whole));
  };
  return (
    <form className="analytics-form" onSubmit={submit}>
      {fields(plain)}
      {fine.length > 0 && (
        <details
          className="analytics-part"
          open={opened || fine.some((name) => within(faults, name).length > 0)}
        >
          <summary>{t("analytics.fine")}</summary>
          {fields(fine)}
        </details>
      )}
      <fieldset className="analytics-part">
        <legend>{t("analytics.when")}</legend>
        {fields(WHEN)}
      </fieldset>
      <details className="analytics-part" open={WHOM.some((name) => name in asked)}>
        <summary>{t("analytics.of_whom")}</summary>
        {fields(WHOM)}
      </details>
      {lost.map(({ where, detail }) => (
        <p className="analytics-fault" role="alert" key={`${where} ${detail}`}>
          <Said text={detail} />
        </p>
      ))}
      <div className="analytics-ask">
        <Button type="primary" htmlType="submit" loading={busy} disabled={left.length > 0}>
          {t("analytics.ask")}
        </Button>
        {left.length > 0 && <span className="soft">{t("analytics.open")}</span>}
      </div>
    </form>
  );
}
