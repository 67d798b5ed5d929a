import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button, Radio, Upload } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { Problem } from "../api/problem";
import { useSpoken } from "../i18n";
import { csv, ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { ListColumns } from "../shell/ListColumns";
import { Rows } from "../shell/Rows";
import { Failure } from "../shell/Told";
import { useUndo } from "../shell/undo";
import {
  DATUMS,
  type Datum,
  FIELDS,
  type List,
  NEEDED,
  type Outcome,
  send,
  useOutletEdits,
} from "./asked";

const CITIES = 12;

/** What is known of a list so far; another number for another file. */
interface Given {
  file?: File;
  datum?: Datum;
  map: Record<string, string>;
  number: number;
}

function listOf({ file, datum, map }: Given): List | undefined {
  return file && datum && { file, datum, map };
}

/** Tries a list: what would come of it, as it is to be read now. */
function useTrial(given: Given, lang: string) {
  const list = listOf(given);
  return useQuery({
    queryKey: ["outlets-tried", given.number, given.datum, given.map, lang],
    queryFn: () => send(list as List, lang, true),
    enabled: list !== undefined,
    // While a column is chosen the others stay where they are.
    placeholderData: (before, query) => (query?.queryKey[1] === given.number ? before : undefined),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
}

/** A list of outlets comes in: its datum is said, it is tried, and only then it counts. */
export function Import({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const undo = useUndo();
  const { again } = useOutletEdits();
  const [given, setGiven] = useState<Given>({ map: {}, number: 0 });
  const { file, datum } = given;
  const lang = useSpoken();
  const tried = useTrial(given, lang);
  const added = useMutation({
    mutationFn: (list: List) => send(list, lang, false),
    onSuccess: async (found) => {
      await again();
      const ids = found.added.map((one) => one.id);
      undo(t("outlets.import.done", { added: format.count(ids.length) }), async () => {
        await told(api.POST("/api/outlets/delete", { body: { ids } }));
        await again();
        added.reset();
      });
    },
  });
  const change = (patch: Partial<Given>) => {
    setGiven({ ...given, ...patch });
    added.reset();
  };
  const list = listOf(given);
  const usable = tried.data?.usable ?? 0;
  return (
    <section className="panel" aria-labelledby="import">
      <h2 id="import">{t("outlets.import.title")}</h2>
      <fieldset className="outlets-datum">
        <legend>{t("outlets.import.datum")}</legend>
        <Radio.Group
          value={datum}
          onChange={({ target }) => change({ datum: target.value as Datum })}
        >
          {DATUMS.map((value) => (
            <Radio key={value} value={value}>
              {t(`outlets.datums.${value}`)}
            </Radio>
          ))}
        </Radio.Group>
        <p className="soft">{t("outlets.import.datum_how")}</p>
      </fieldset>
      <Upload.Dragger
        accept=".csv,.tsv,.txt,.xlsx,.xls,.ods"
        showUploadList={false}
        customRequest={({ file }) =>
          change({ file: file as File, map: {}, number: given.number + 1 })
        }
      >
        <b>{file ? file.name : t("outlets.import.drop")}</b>
        <p className="soft">{t("outlets.import.formats")}</p>
      </Upload.Dragger>
      {file && !datum && <p role="status">{t("outlets.import.needs_datum")}</p>}
      {tried.error && <Refusal error={tried.error} />}
      {tried.data && !added.data && (
        <>
          <ListColumns
            called={(field) => t(`outlets.fields.${field}`)}
            fields={FIELDS}
            needed={NEEDED}
            found={tried.data}
            choose={(field, heading) => change({ map: { ...given.map, [field]: heading } })}
          />
          <Trial found={tried.data} />
        </>
      )}
      {added.error && <Refusal error={added.error} />}
      {added.data && (
        <>
          <Alert
            type={added.data.refused.length ? "warning" : "success"}
            showIcon
            title={t("outlets.import.added", {
              added: format.count(added.data.added.length),
              refused: format.count(added.data.refused.length),
            })}
          />
          <Refused found={added.data} />
        </>
      )}
      <div className="outlets-tools">
        {!added.data && (
          <Button
            type="primary"
            disabled={!list || usable === 0 || tried.isFetching}
            loading={added.isPending || tried.isFetching}
            onClick={() => list && added.mutate(list)}
          >
            {usable > 0
              ? t("outlets.import.add", { usable: format.count(usable) })
              : t("outlets.import.add_none")}
          </Button>
        )}
        <Button onClick={close}>{t(added.data ? "outlets.close" : "outlets.cancel")}</Button>
      </div>
    </section>
  );
}

/** What would come of a list: where, and what not. */
function Trial({ found }: { found: Outcome }) {
  const { t } = useTranslation();
  const format = useFormat();
  const more = found.cities.length - CITIES;
  return (
    <>
      {found.cities.length > 0 && (
        <>
          <h3>{t("outlets.import.cities")}</h3>
          <p className="soft">{t("outlets.import.cities_how")}</p>
          <ul className="outlets-cities">
            {found.cities.slice(0, CITIES).map((city) => (
              <li key={city.name}>
                {city.name || t("outlets.import.nowhere")} <b>{format.count(city.outlets)}</b>
              </li>
            ))}
            {more > 0 && <li className="soft">{t("outlets.import.more_cities", { more })}</li>}
          </ul>
        </>
      )}
      <Refused found={found} />
    </>
  );
}

/** Each row that cannot be used, and why. */
function Refused({ found }: { found: Outcome }) {
  const { t, i18n } = useTranslation();
  const rows = found.refused;
  if (rows.length === 0) return null;
  const why = (row: (typeof rows)[number]) =>
    i18n.exists(`outlets.refused.${row.code}`) ? t(`outlets.refused.${row.code}`) : row.reason;
  const heads = [t("outlets.import.row"), t("outlets.name"), t("outlets.import.why")];
  const file = () =>
    csv(
      heads,
      rows.map((row) => [row.row, row.name, why(row)]),
    );
  return (
    <>
      <div className="outlets-tools">
        <h3>{t("outlets.import.refused", { refused: rows.length })}</h3>
        <ExportButton files={[{ label: "CSV", name: "refused.csv", from: file }]} />
      </div>
      <Rows
        label={t("outlets.import.refused", { refused: rows.length })}
        height="260px"
        rows={rows}
        rowKey={(row) => String(row.row)}
        columns={[
          { key: "row", title: heads[0] ?? "", width: 70, number: true, show: (row) => row.row },
          { key: "name", title: heads[1] ?? "", width: 160, show: (row) => row.name || "–" },
          { key: "why", title: heads[2] ?? "", width: 260, show: why },
        ]}
      />
    </>
  );
}

function Refusal({ error }: { error: unknown }) {
  const { t, i18n } = useTranslation();
  const code = error instanceof Problem ? error.code : "";
  if (!code || !i18n.exists(`outlets.refused.${code}`)) return <Failure error={error} />;
  return (
    <Alert
      type="error"
      showIcon
      title={t(`outlets.refused.${code}`)}
      description={code === "columns" ? (error as Problem).detail : undefined}
    />
  );
}
