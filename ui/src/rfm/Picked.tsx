import { Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSave } from "../named/asked";
import { Kept } from "../named/Kept";
import { useFormat } from "../shell/format";
import { Failure } from "../shell/Told";
import { CLASSES, type Found, type Part, type Query } from "./asked";
import { Members } from "./Members";
import { worth } from "./worth";

interface Looked {
  found: Found;
  name: string;
  asked: Query;
}

/** The class or cell that is looked at, who is in it, and one click to a segment of it. */
export function Picked({ found, name, asked }: Looked) {
  const { t } = useTranslation();
  const one = [...found.classes, ...found.grid].find((part) => part.name === name);
  if (!one) return <p className="soft">{t("rfm.pick_first")}</p>;
  return <Chosen key={`${name} ${found.as_of}`} found={found} one={one} asked={asked} />;
}

function Chosen({ found, one, asked }: { found: Found; one: Part; asked: Query }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [r, f] = one.name.split("-");
  const isClass = CLASSES.some((name) => name === one.name);
  const called = isClass ? t(`rfm.names.${one.name}`) : t("rfm.cell_name", { r, f });
  const told = (value: number | null) => (value === null ? "–" : format.number(value));
  return (
    <section className="panel rfm-picked" aria-labelledby="rfm-picked">
      <h2 id="rfm-picked">{t("rfm.picked", { name: called })}</h2>
      {isClass && <p>{t(`rfm.advice.${one.name}`)}</p>}
      <dl className="facts">
        <dt>{t("rfm.customers")}</dt>
        <dd>{format.count(one.customers)}</dd>
        <dt>{t("rfm.revenue")}</dt>
        <dd>{worth(found, format, one.revenue)}</dd>
        <dt>{t("rfm.mean_days")}</dt>
        <dd>{told(one.days)}</dd>
        <dt>{t("rfm.mean_orders")}</dt>
        <dd>{told(one.frequency)}</dd>
        <dt>{t("rfm.mean_amount")}</dt>
        <dd>{told(one.amount)}</dd>
      </dl>
      {one.customers > 0 && <Members asked={asked} name={one.name} currency={found.currency} />}
      {one.rule ? (
        <Keep found={found} called={called} rule={one.rule} />
      ) : (
        <p className="soft">{t("rfm.nobody")}</p>
      )}
    </section>
  );
}

interface Keeping {
  found: Found;
  called: string;
  rule: Record<string, unknown>;
}

function Keep({ found, called, rule }: Keeping) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const [name, setName] = useState(`${called} ${format.day(found.as_of)}`);
  const cuts = t("rfm.cuts", {
    days: found.thresholds.days,
    orders: found.thresholds.orders,
    amount: worth(found, format, found.thresholds.amount),
  });
  const keep = useSave("segments");
  const said = { name: name.trim(), description: t("rfm.description", { cuts }), rule };
  if (keep.data) return <Kept id={keep.data.id} said={t("rfm.kept")} />;
  return (
    <div className="rfm-keep">
      <label htmlFor={id}>{t("rfm.keep_name")}</label>
      <Input
        id={id}
        value={name}
        maxLength={100}
        onChange={({ target }) => setName(target.value)}
      />
      <Button
        type="primary"
        loading={keep.isPending}
        disabled={name.trim() === ""}
        onClick={() => keep.mutate({ id: "", said })}
      >
        {t("rfm.keep")}
      </Button>
      {keep.error && <Failure error={keep.error} />}
    </div>
  );
}
