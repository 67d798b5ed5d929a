import { Input, Segmented, Select } from "antd";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import type { Found } from "./asked";
import { BACK, type View, WAYS, WINDOWS } from "./page";
import { worth } from "./worth";

interface Shown {
  view: View;
  change: (patch: Partial<View>, how?: { replace?: boolean; still?: boolean }) => void;
  found?: Found;
}

/** What counts as an order, when, and where high begins. */
export function Parameters({ view, change, found }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const put = (patch: Partial<View>) => change(patch, { replace: true, still: true });
  const text = (name: "low" | "days" | "orders" | "amount" | "event", kind = "number") => (
    <Written
      label={t(name === "low" || name === "event" ? `rfm.${name}` : `rfm.high_${name}`)}
      kind={kind}
      value={view[name]}
      hint={name === "low" ? "50" : undefined}
      put={(value) => put({ [name]: value })}
    />
  );
  return (
    <section className="panel" aria-labelledby="rfm-parameters">
      <h2 id="rfm-parameters">{t("rfm.parameters")}</h2>
      <div className="rfm-form">
        <Named label={t("rfm.by")}>
          {(id) => (
            <Segmented
              id={id}
              aria-label={t("rfm.by")}
              value={view.by}
              onChange={(by) => put({ by })}
              options={WAYS.map((value) => ({ value, label: t(`rfm.ways.${value}`) }))}
            />
          )}
        </Named>
        {view.by === "quantile" && text("low")}
        {view.by === "hand" && (
          <>
            {text("days")}
            {text("orders")}
            {text("amount")}
          </>
        )}
        <Named label={t("rfm.window")}>
          {(id) => (
            <Select
              id={id}
              aria-label={t("rfm.window")}
              value={view.window}
              onChange={(window) => put({ window })}
              options={WINDOWS.map((value) => ({
                value,
                label: value === "0" ? t("rfm.windows.ever") : t("rfm.windows.d", { days: value }),
              }))}
            />
          )}
        </Named>
        <Written label={t("rfm.at")} kind="date" value={view.at} put={(at) => put({ at })} />
        <Named label={t("rfm.back")}>
          {(id) => (
            <Select
              id={id}
              aria-label={t("rfm.back")}
              value={view.back}
              onChange={(back) => put({ back })}
              options={BACK.map((value) => ({
                value,
                label: value === "" ? t("rfm.backs.none") : t("rfm.backs.d", { days: value }),
              }))}
            />
          )}
        </Named>
        {text("event", "text")}
      </div>
      {found && found.customers > 0 && (
        <p className="soft">
          {t("rfm.cuts", {
            days: found.thresholds.days,
            orders: found.thresholds.orders,
            amount: worth(found, format, found.thresholds.amount),
          })}{" "}
          {t("rfm.counted", {
            orders: found.orders.join(", "),
            refunds: found.refunds.join(", ") || t("rfm.no_refunds"),
          })}
        </p>
      )}
    </section>
  );
}

function Named({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="rfm-field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

interface Field {
  label: string;
  kind: string;
  value: string;
  hint?: string;
  put: (value: string) => void;
}

/** What is written counts once it is done, so that no half number is asked. */
export function Written({ label, kind, value, hint, put }: Field) {
  return (
    <Named label={label}>
      {(id) => (
        <Input
          key={value}
          id={id}
          type={kind}
          min={kind === "number" ? 0 : undefined}
          defaultValue={value}
          placeholder={hint}
          onBlur={({ target }) => target.value !== value && put(target.value.trim())}
          onPressEnter={({ currentTarget }) => put(currentTarget.value.trim())}
        />
      )}
    </Named>
  );
}
