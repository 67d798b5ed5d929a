import { Alert, Button, Select, Upload } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import type { components } from "../api/schema";
import { Said } from "../refusals/Said";
import { Failure } from "../shell/Told";
import type { Datum, useAreaEdits } from "./areas";
import { Field } from "./Field";

type Result = components["schemas"]["AddedAreas"];

const DATUMS: Datum[] = ["wgs84", "gcj02", "bd09"];

/** A GeoJSON file, in which datum it is, and what became of each of its features. */
export default function AreaFile({
  bring,
  done,
}: {
  bring: ReturnType<typeof useAreaEdits>["bring"];
  done: () => void;
}) {
  const { t } = useTranslation();
  const [datum, setDatum] = useState<Datum>("wgs84");
  const [wrong, setWrong] = useState("");
  const send = async (file: File) => {
    setWrong("");
    bring.reset();
    let body: object;
    try {
      body = JSON.parse((await file.text()).replace(/^\ufeff/, "")) as object;
    } catch (error) {
      setWrong(error instanceof Error ? error.message : "");
      return;
    }
    const name = file.name.replace(/\.[^.]*$/, "").slice(0, 190);
    bring.mutate({ body, datum, name }, { onSuccess: done });
  };
  return (
    <div className="map-import">
      <Field label={t("map.datum")}>
        <Select
          value={datum}
          onChange={setDatum}
          options={DATUMS.map((value) => ({ value, label: t(`map.datums.${value}`) }))}
        />
      </Field>
      <Upload
        accept=".geojson,.json,application/geo+json"
        showUploadList={false}
        customRequest={({ file }) => send(file as File)}
      >
        <Button size="small" loading={bring.isPending}>
          {t("map.areas_file")}
        </Button>
      </Upload>
      {wrong && (
        <Alert
          type="error"
          showIcon
          title={t("map.refused.json")}
          description={<Said text={wrong} />}
        />
      )}
      {bring.data && <Outcome result={bring.data} />}
      {bring.error && <Refusal error={bring.error} />}
    </div>
  );
}

function Refusal({ error }: { error: unknown }) {
  const { t, i18n } = useTranslation();
  const key = error instanceof Problem && error.code ? `map.refused.${error.code}` : "";
  if (!key || !i18n.exists(key)) return <Failure error={error} />;
  return <Alert type="error" showIcon title={t("map.areas_none_usable", { why: t(key) })} />;
}

function Outcome({ result }: { result: Result }) {
  const { t, i18n } = useTranslation();
  const { items, refused } = result;
  const why = (code: string, reason: string) =>
    i18n.exists(`map.refused.${code}`) ? t(`map.refused.${code}`) : reason;
  return (
    <Alert
      type={refused.length ? "warning" : "success"}
      showIcon
      title={t("map.areas_imported", { added: items.length, refused: refused.length })}
      description={
        refused.length > 0 && (
          <ul className="map-refused">
            {refused.map((one) => (
              <li key={one.feature}>
                {t("map.areas_feature", {
                  feature: one.feature,
                  name: one.name || t("map.areas_unnamed"),
                  why: why(one.code, one.reason),
                })}
              </li>
            ))}
          </ul>
        )
      }
    />
  );
}
