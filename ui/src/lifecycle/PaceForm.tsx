import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Input, Segmented } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useFormat } from "../shell/format";
import { Failure } from "../shell/Told";
import { useUndo } from "../shell/undo";
import { type Found, NUMBERS, type Pace, usePace, type View, whole } from "./view";

interface Shown {
  found: Found;
  view: View;
  put: (patch: Partial<View>) => void;
}

const LEAST_GAPS = 20;
const MOST_SHOWN = 8;

/** The pace of the pool: what it is, what is suggested, what another one would do. */
export function PaceForm({ found, view, put }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const kept = usePace().data;
  const { suggested } = found;
  const wrong =
    Number(view.sleeping ?? found.pace.sleeping) >= Number(view.lost ?? found.pace.lost);
  const text = (pace: Pace) =>
    Object.fromEntries(NUMBERS.map((name) => [name, String(pace[name])]));
  return (
    <section className="panel" aria-labelledby="lifecycle-pace">
      <h2 id="lifecycle-pace">{t("lifecycle.pace")}</h2>
      <p className="soft">{t("lifecycle.pace_about")}</p>
      <div className="lifecycle-form">
        <div className="lifecycle-field">
          <span className="lifecycle-field-name">{t("lifecycle.by")}</span>
          <Segmented
            aria-label={t("lifecycle.by")}
            value={found.by}
            onChange={(by) => put({ by })}
            options={(["orders", "visits"] as const).map((value) => ({
              value,
              label: t(`lifecycle.ways.${value}`),
            }))}
          />
        </div>
        {NUMBERS.map((name) => (
          <Written
            key={name}
            label={t(`lifecycle.numbers.${name}`)}
            value={view[name] ?? String(found.pace[name])}
            put={(value) => put({ [name]: whole(value) === undefined ? undefined : value })}
          />
        ))}
      </div>
      <p>
        {found.gaps >= LEAST_GAPS
          ? t("lifecycle.suggested", { ...suggested })
          : t("lifecycle.too_few", { gaps: found.gaps })}{" "}
        <Button size="small" onClick={() => put({ by: found.by, ...text(suggested) })}>
          {t("lifecycle.take")}
        </Button>
      </p>
      {wrong && <Alert type="warning" showIcon title={t("lifecycle.order_wrong")} />}
      {!wrong && !found.kept && <Trial found={found} orders={kept?.orders} put={put} />}
      {kept && (
        <p className="soft">
          {kept.decided_at
            ? t("lifecycle.version", {
                version: kept.version,
                who: kept.decided_by,
                at: format.moment(kept.decided_at),
              })
            : t("lifecycle.usual")}{" "}
          {kept.version > 0 && <TakeBack />}
        </p>
      )}
      {kept && kept.versions.length > 1 && (
        <details>
          <summary>{t("lifecycle.versions")}</summary>
          <ul className="lifecycle-versions">
            {kept.versions.slice(1).map((one) => (
              <li key={one.version}>
                {one.decided_at
                  ? t("lifecycle.version", {
                      version: one.version,
                      who: one.decided_by,
                      at: format.moment(one.decided_at),
                    })
                  : t("lifecycle.usual")}
                {" — "}
                {t(`lifecycle.ways.${one.by}`)} · {t("lifecycle.days", { ...one.pace })}{" "}
                <Button size="small" onClick={() => put({ by: one.by, ...text(one.pace) })}>
                  {t("lifecycle.try")}
                </Button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** What held before the last decision holds again. */
function TakeBack() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const back = useMutation({
    mutationFn: () => told(api.POST("/api/lifecycle/pace/undo")),
    onSuccess: () => client.invalidateQueries({ queryKey: ["lifecycle"] }),
  });
  return (
    <Button size="small" loading={back.isPending} onClick={() => back.mutate()}>
      {t("lifecycle.take_back")}
    </Button>
  );
}

const NOTHING = {
  by: undefined,
  new: undefined,
  sleeping: undefined,
  lost: undefined,
  loyal: undefined,
};

/** What would become of everybody, and the decision. */
function Trial({ found, orders = [], put }: Omit<Shown, "view"> & { orders?: string[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const undo = useUndo();
  const again = () => client.invalidateQueries({ queryKey: ["lifecycle"] });
  const save = useMutation({
    mutationFn: () =>
      told(
        api.PUT("/api/lifecycle/pace", {
          body: { by: found.by, ...found.pace, orders },
        }),
      ),
    onSuccess: async () => {
      put(NOTHING);
      await again();
      undo(t("lifecycle.saved"), async () => {
        await told(api.POST("/api/lifecycle/pace/undo"));
        await again();
      });
    },
  });
  const moved = found.changes.filter((one) => one.from !== one.to);
  const count = moved.reduce((sum, one) => sum + one.profiles, 0);
  return (
    <div className="lifecycle-trial">
      <b>{t("lifecycle.trying")}</b>
      <p>
        {count > 0
          ? t("lifecycle.would", { people: format.count(count) })
          : t("lifecycle.would_none")}
      </p>
      {count > 0 && (
        <ul>
          {moved.slice(0, MOST_SHOWN).map((one) => (
            <li key={`${one.from} ${one.to}`}>
              {t(`lifecycle.names.${one.from}`)} → {t(`lifecycle.names.${one.to}`)}{" "}
              <b>{format.count(one.profiles)}</b>
            </li>
          ))}
        </ul>
      )}
      <div className="lifecycle-buttons">
        <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
          {t("lifecycle.save")}
        </Button>
        <Button onClick={() => put(NOTHING)}>{t("lifecycle.drop")}</Button>
      </div>
      {save.error && <Failure error={save.error} />}
    </div>
  );
}

interface Field {
  label: string;
  value: string;
  put: (value: string) => void;
}

/** A number counts once it is written to the end, so that no half of it is asked. */
export function Written({ label, value, put }: Field) {
  const id = useId();
  return (
    <div className="lifecycle-field">
      <label htmlFor={id}>{label}</label>
      <Input
        key={value}
        id={id}
        inputMode="numeric"
        defaultValue={value}
        onBlur={({ target }) => target.value !== value && put(target.value.trim())}
        onPressEnter={({ currentTarget }) => put(currentTarget.value.trim())}
      />
    </div>
  );
}
