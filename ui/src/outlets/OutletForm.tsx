import { Alert, Button, Input, InputNumber, Select } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { Failure } from "../shell/Told";
import { DATUMS, type Datum, type Outlet, useOutletEdits, type Written } from "./asked";

const USUAL: Written = {
  name: "",
  own_id: "",
  lon: Number.NaN,
  lat: Number.NaN,
  kind: "",
  capacity: 0,
  radius: 3000,
};
const MOST_M = 1_000_000;

/** One outlet, written anew or changed. */
export function OutletForm({ outlet, close }: { outlet?: Outlet; close: () => void }) {
  const { t, i18n } = useTranslation();
  const { save } = useOutletEdits();
  const before: Written = { ...USUAL, ...outlet };
  const [now, setNow] = useState<Written>(before);
  const [datum, setDatum] = useState<Datum>("wgs84");
  const moved = now.lon !== before.lon || now.lat !== before.lat;
  const fit = now.name.trim() !== "" && Number.isFinite(now.lon) && Number.isFinite(now.lat);
  const set = (patch: Partial<Written>) => setNow({ ...now, ...patch });
  const store = () => {
    const { name, lon, lat, kind, capacity, radius, own_id } = now;
    const place = moved || !outlet ? { lon, lat } : {};
    const words = { name: name.trim(), kind: kind.trim(), own_id: own_id.trim() };
    const given = { ...words, capacity, radius, ...place };
    save.mutate(
      { id: outlet?.id, given, datum },
      { onSuccess: (done) => refusedOf(done) || close() },
    );
  };
  const code = save.error instanceof Problem ? save.error.code : refusedOf(save.data);
  const known = code && i18n.exists(`outlets.refused.${code}`);
  const number = (name: "lon" | "lat" | "capacity" | "radius", least: number, most: number) => (
    <InputNumber
      min={least}
      max={most}
      controls={false}
      value={Number.isNaN(now[name]) ? null : now[name]}
      onChange={(value) =>
        set({ [name]: value ?? (name === "lon" || name === "lat" ? Number.NaN : USUAL[name]) })
      }
    />
  );
  return (
    <section className="panel" aria-labelledby="outlet">
      <h2 id="outlet">{t(outlet ? "outlets.change" : "outlets.add")}</h2>
      <div className="outlets-form">
        <Field label={t("outlets.name")}>
          <Input
            value={now.name}
            maxLength={200}
            onChange={({ target }) => set({ name: target.value })}
          />
        </Field>
        <Field label={t("outlets.lon")}>{number("lon", -180, 180)}</Field>
        <Field label={t("outlets.lat")}>{number("lat", -90, 90)}</Field>
        {(moved || !outlet) && (
          <Field label={t("outlets.datum")}>
            <Select
              value={datum}
              onChange={setDatum}
              options={DATUMS.map((value) => ({ value, label: t(`outlets.datums.${value}`) }))}
            />
          </Field>
        )}
        <Field label={t("outlets.kind")}>
          <Input
            value={now.kind}
            maxLength={64}
            onChange={({ target }) => set({ kind: target.value })}
          />
        </Field>
        <Field label={t("outlets.capacity")}>{number("capacity", 0, 1e12)}</Field>
        <Field label={t("outlets.radius_m")}>{number("radius", 1, MOST_M)}</Field>
        <Field label={t("outlets.fields.own_id")}>
          <Input
            value={now.own_id}
            maxLength={64}
            onChange={({ target }) => set({ own_id: target.value })}
          />
        </Field>
      </div>
      {known ? (
        <Alert type="error" showIcon title={t(`outlets.refused.${code}`)} />
      ) : (
        save.error && <Failure error={save.error} />
      )}
      <div className="outlets-tools">
        <Button type="primary" disabled={!fit} loading={save.isPending} onClick={store}>
          {t("outlets.save")}
        </Button>
        <Button onClick={close}>{t("outlets.cancel")}</Button>
      </div>
    </section>
  );
}

/** Why what was sent was not taken, as a word; empty where it was. */
function refusedOf(done: object | undefined): string {
  return done && "code" in done ? String(done.code) : "";
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is what is given.
    <label className="outlets-field">
      <span>{label}</span>
      {children}
    </label>
  );
}
