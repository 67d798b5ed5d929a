import { Alert, Button, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { useFormat } from "../shell/format";
import { Failure } from "../shell/Told";
import type { Sketched, useAreaEdits } from "./areas";
import { Field } from "./Field";
import {
  closable,
  closed,
  corners,
  crossing,
  type Read,
  readText,
  type Sketch,
  surface,
  textOf,
} from "./sketch";

interface Props {
  sketch: Sketch;
  steps: Sketched;
  edits: ReturnType<typeof useAreaEdits>;
  saved: (id: string) => void;
}

/** Names what is drawn, says how far it is, and takes corners from who draws without a pointer. */
export default function SketchForm({ sketch, steps, edits, saved }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { save } = edits;
  const named = sketch.name.trim() !== "";
  const whole = closable(sketch);
  const store = () => save.mutate(closed(sketch), { onSuccess: saved });
  return (
    <section className="panel map-sketch" aria-labelledby="sketch">
      <h2 id="sketch">{t(sketch.id ? "map.sketch.change" : "map.sketch.draw")}</h2>
      <p className="soft">{t(sketch.open ? "map.sketch.how_open" : "map.sketch.how_closed")}</p>
      <Field label={t("map.sketch.name")}>
        <Input
          value={sketch.name}
          maxLength={200}
          placeholder={t("map.sketch.name_like")}
          onChange={(event) => steps.change({ ...sketch, name: event.target.value })}
          onPressEnter={() => named && whole && store()}
        />
      </Field>
      <dl className="facts">
        <dt>{t("map.sketch.corners")}</dt>
        <dd>{format.count(corners(sketch))}</dd>
        <dt>{t("map.sketch.surface")}</dt>
        <dd>{whole ? `${format.number(surface(sketch))} km²` : "–"}</dd>
      </dl>
      <Corners sketch={sketch} change={steps.change} />
      {whole && crossing(sketch) && (
        <Alert type="warning" showIcon title={t("map.sketch.crosses")} />
      )}
      {save.error && <Refused error={save.error} />}
      <div className="map-buttons">
        <Button type="primary" disabled={!whole || !named} loading={save.isPending} onClick={store}>
          {t("map.sketch.save")}
        </Button>
        {sketch.open && whole && (
          <Button onClick={() => steps.change(closed(sketch))}>{t("map.sketch.close")}</Button>
        )}
        <Button disabled={steps.first} onClick={steps.back}>
          {t("map.sketch.back")}
        </Button>
        <Button onClick={steps.end}>{t("map.sketch.cancel")}</Button>
      </div>
      {!(whole && named) && (
        <p className="soft">{t(whole ? "map.sketch.needs_name" : "map.sketch.needs_corners")}</p>
      )}
    </section>
  );
}

/** Why an area cannot be kept, in the words of the reader where they are known. */
function Refused({ error }: { error: unknown }) {
  const { t, i18n } = useTranslation();
  const key = error instanceof Problem && error.code ? `map.refused.${error.code}` : "";
  if (key && i18n.exists(key)) return <Alert type="error" showIcon title={t(key)} />;
  return <Failure error={error} />;
}

/** The corners as text: to be read, written and pasted. */
function Corners({ sketch, change }: { sketch: Sketch; change: (next: Sketch) => void }) {
  const { t } = useTranslation();
  const now = textOf(sketch);
  const [text, setText] = useState(now);
  const [wrong, setWrong] = useState<Exclude<Read, { parts: unknown }>>();
  useEffect(() => {
    setText(now);
    setWrong(undefined);
  }, [now]);
  const take = () => {
    const found = readText(text);
    if ("parts" in found) change({ ...sketch, parts: found.parts, open: false });
    else setWrong(found);
  };
  return (
    <details className="map-corners">
      <summary>{t("map.sketch.coordinates")}</summary>
      <Field label={t("map.sketch.coordinates_how")}>
        <Input.TextArea
          value={text}
          autoSize={{ minRows: 4, maxRows: 10 }}
          status={wrong ? "error" : undefined}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      {wrong && (
        <p role="alert" className="map-wrong">
          {"line" in wrong
            ? t("map.sketch.wrong.line", { line: wrong.line })
            : t(`map.sketch.wrong.${wrong.wrong}`)}
        </p>
      )}
      <Button size="small" disabled={text === now} onClick={take}>
        {t("map.sketch.take")}
      </Button>
    </details>
  );
}
