import "../shell/sample.css";
import { Alert, Button, Input, InputNumber } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Said } from "../refusals/Said";
import { Failure } from "../shell/Told";
import { type Given, useEdits, WORDS } from "./asked";

const BLANK: Given = {
  from: "",
  until: "",
  amount: Number.NaN,
  currency: "",
  channel: "",
  utm_source: "",
  utm_medium: "",
  utm_campaign: "",
};

/** One cost, written by hand. */
export function Write({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { add } = useEdits();
  const [now, setNow] = useState(BLANK);
  const set = (patch: Partial<Given>) => setNow({ ...now, ...patch });
  const fit = now.from !== "" && Number.isFinite(now.amount) && WORDS.some((word) => now[word]);
  const refused = add.data?.refused[0];
  const store = () =>
    add.mutate(now, { onSuccess: ({ usable }) => usable > 0 && setNow({ ...BLANK }) });
  return (
    <section className="panel" aria-labelledby="write">
      <h2 id="write">{t("costs.add")}</h2>
      <div className="costs-form">
        {(["from", "until"] as const).map((name) => (
          <Field key={name} label={t(`costs.fields.${name}`)}>
            <Input
              type="date"
              value={now[name]}
              onChange={({ target }) => set({ [name]: target.value })}
            />
          </Field>
        ))}
        {WORDS.map((word) => (
          <Field key={word} label={t(`costs.fields.${word}`)}>
            <Input value={now[word]} onChange={({ target }) => set({ [word]: target.value })} />
          </Field>
        ))}
        <Field label={t("costs.fields.amount")}>
          <InputNumber
            min={0}
            controls={false}
            value={Number.isNaN(now.amount) ? null : now.amount}
            onChange={(value) => set({ amount: value ?? Number.NaN })}
          />
        </Field>
        <Field label={t("costs.fields.currency")}>
          <Input
            value={now.currency}
            maxLength={16}
            placeholder={t("costs.currency_hint")}
            onChange={({ target }) => set({ currency: target.value })}
          />
        </Field>
      </div>
      {add.error && <Failure error={add.error} />}
      {refused && <Alert type="error" showIcon title={<Said text={refused.reason} />} />}
      <div className="costs-acts">
        <Button type="primary" disabled={!fit} loading={add.isPending} onClick={store}>
          {t("costs.save")}
        </Button>
        <Button onClick={close}>{t("costs.close")}</Button>
      </div>
    </section>
  );
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child.
    <label className="list-column">
      <span>{label}</span>
      {children}
    </label>
  );
}
