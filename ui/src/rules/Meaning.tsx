import { Form, InputNumber, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { tagOf } from "../i18n";
import { useFormat } from "../shell/format";
import { BandShape, bandOf, Temperature } from "../shell/Temperature";
import { Curve } from "./Curve";
import { checkSet } from "./check";
import type { Change } from "./draft";
import { after, crossings, oneEvent } from "./law";
import type { RuleSet } from "./ruleset";
import { useSentences } from "./sentence";

const PURCHASE = "Order Completed";
const LONGEST_DAYS = 3_650;

interface Shown {
  rules: RuleSet;
  may: boolean;
  change: Change;
}

/** What E_half means: how warm one event makes a newcomer, and how that cools. */
export function Meaning({ rules, may, change }: Shown) {
  const { t, i18n } = useTranslation();
  const names = [...new Set(rules.rules.flatMap(({ events }) => events))].filter((n) => n !== "*");
  const usual = names.includes(PURCHASE) ? PURCHASE : (names[0] ?? PURCHASE);
  const [chosen, setChosen] = useState<string>();
  const [amount, setAmount] = useState(300);
  const event = chosen !== undefined && names.includes(chosen) ? chosen : usual;
  const wrong = checkSet(rules).some(({ field }) => field === "e_half");
  const options = names.map((value) => ({ value, label: value }));
  return (
    <section className="panel" aria-labelledby="rules-meaning">
      <h2 id="rules-meaning">{t("rules.meaning.title")}</h2>
      <Form layout="vertical" className="rules-meaning" component="div">
        <Form.Item
          label={t("rules.meaning.e_half")}
          htmlFor="e-half"
          validateStatus={wrong ? "error" : undefined}
          help={wrong && t("rules.faults.e_half")}
          extra={wrong ? undefined : t("rules.meaning.e_half_help")}
        >
          <InputNumber
            id="e-half"
            value={rules.e_half}
            disabled={!may}
            min={0}
            onChange={(value) => change({ e_half: value ?? 0 })}
          />
        </Form.Item>
        <div className="rules-example">
          <Form.Item label={t("rules.meaning.event")} htmlFor="example-event">
            <Select
              id="example-event"
              showSearch
              value={event}
              options={options}
              onChange={setChosen}
            />
          </Form.Item>
          <Form.Item
            label={t("rules.meaning.amount", { currency: rules.currency })}
            htmlFor="example-amount"
          >
            <InputNumber
              id="example-amount"
              min={0}
              value={amount}
              onChange={(value) => setAmount(value ?? 0)}
            />
          </Form.Item>
        </div>
      </Form>
      {!wrong && <Told rules={rules} event={event} amount={amount} language={i18n.language} />}
    </section>
  );
}

interface Example {
  rules: RuleSet;
  event: string;
  amount: number;
  language: string;
}

function Told({ rules, event, amount, language }: Example) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useSentences();
  const { terms, open } = oneEvent(rules, event, amount);
  const first = after(terms, rules.e_half, 0);
  const next = crossings(terms, rules.e_half);
  const counts = rules.rules.some((rule) => rule.amount === true && rule.events.includes(event));
  const sum = money(language, rules.currency, amount);
  return (
    <>
      <p>
        {t(counts ? "rules.meaning.one_of" : "rules.meaning.one", { event, amount: sum })}{" "}
        <Temperature value={first} />
      </p>
      <ul className="rules-crossings">
        {next.map(({ band, days }) => (
          <li key={`${band}-${days}`}>
            <BandShape band={band} />{" "}
            {days > LONGEST_DAYS
              ? t("rules.meaning.never", { band: t(`shell.bands.${bandOf(first)}`) })
              : t("rules.meaning.cools", {
                  count: Math.ceil(days),
                  told: format.count(Math.ceil(days)),
                  band: t(`shell.bands.${band}`),
                })}
          </li>
        ))}
      </ul>
      {open.length > 0 && (
        <p className="soft">
          {t("rules.meaning.open", { names: open.map((rule) => say.name(rule)).join(", ") })}
        </p>
      )}
      <Curve terms={terms} eHalf={rules.e_half} crossings={next} />
    </>
  );
}

function money(language: string, currency: string, amount: number): string {
  try {
    const style = { style: "currency", currency, maximumFractionDigits: 0 } as const;
    const written = { ...style, currencyDisplay: "narrowSymbol" } as const;
    return new Intl.NumberFormat(tagOf(language), written).format(amount);
  } catch {
    // A pool may count in points or in a money of its own.
    return `${amount} ${currency}`;
  }
}
