import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Form, Input, InputNumber } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { checkSet } from "./check";
import type { Change } from "./draft";
import { RULES, type RuleSet } from "./ruleset";

interface Shown {
  rules: RuleSet;
  may: boolean;
  change: Change;
}

/** What one unit of other money is worth, and which money came without anybody saying that. */
export function Rates({ rules, may, change }: Shown) {
  const { t } = useTranslation();
  const [added, setAdded] = useState("");
  const use = useQuery({
    queryKey: [...RULES, "currencies"],
    queryFn: () => told(api.GET("/api/temperature/rules/currencies")),
    staleTime: 60_000,
  });
  const seen = new Map(use.data?.items.map((row) => [row.currency, row.events]));
  const rates = Object.entries(rules.rates).sort(([a], [b]) => (a < b ? -1 : 1));
  const missing = (use.data?.items ?? []).filter(
    ({ currency }) => currency !== rules.currency && !(currency in rules.rates),
  );
  const faults = new Map(checkSet(rules).map((one) => [one.field, one]));
  const set = (currency: string, rate: number) =>
    change((last) => ({ rates: { ...last.rates, [currency]: rate } }));
  const remove = (currency: string) =>
    change((last) => {
      const { [currency]: _, ...rest } = last.rates;
      return { rates: rest };
    });
  const known = (code: string) => code in rules.rates || code === rules.currency;
  const add = (code: string) => {
    if (code && !known(code)) set(code, 1);
    setAdded("");
  };
  return (
    <section className="panel" aria-labelledby="rules-rates">
      <h2 id="rules-rates">{t("rules.rates.title")}</h2>
      <p className="soft">{t("rules.rates.about", { currency: rules.currency })}</p>
      {missing.map(({ currency, events }) => (
        <Alert
          key={currency}
          className="rules-note"
          type="warning"
          showIcon
          title={t("rules.rates.missing", { currency, count: events })}
          action={
            may && (
              <Button onClick={() => add(currency)}>
                {t("rules.rates.add_this", { currency })}
              </Button>
            )
          }
        />
      ))}
      <div className="rules-rates">
        {rates.map(([currency, rate]) => {
          const fault = faults.get(`rates.${currency}`);
          const id = `rate-${currency}`;
          return (
            <Form.Item
              key={currency}
              label={`1 ${currency} =`}
              htmlFor={id}
              colon={false}
              validateStatus={fault ? "error" : undefined}
              help={fault && t(`rules.faults.${fault.fault}`, fault.values)}
              extra={
                seen.has(currency)
                  ? t("rules.rates.events", { count: seen.get(currency) ?? 0 })
                  : undefined
              }
            >
              <InputNumber
                id={id}
                value={rate}
                disabled={!may}
                min={0}
                onChange={(value) => set(currency, value ?? 0)}
                suffix={rules.currency}
              />
              {may && (
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={t("rules.rates.remove_this", { currency })}
                  onClick={() => remove(currency)}
                />
              )}
            </Form.Item>
          );
        })}
      </div>
      {may && (
        <div className="rules-add-rate">
          <Input
            value={added}
            maxLength={16}
            aria-label={t("rules.rates.code")}
            placeholder={t("rules.rates.code")}
            onChange={(event) => setAdded(event.target.value.trim().toUpperCase())}
            onPressEnter={() => add(added)}
          />
          <Button
            icon={<PlusOutlined />}
            disabled={!added || known(added)}
            onClick={() => add(added)}
          >
            {t("rules.rates.add")}
          </Button>
        </div>
      )}
    </section>
  );
}
