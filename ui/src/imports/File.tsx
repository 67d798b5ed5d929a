import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Segmented, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useZone } from "../shell/format";
import { useView } from "../shell/page";
import "../shell/sample.css";
import { Answer, Failure } from "../shell/Told";
import { Mapping, useFieldName } from "./Mapping";
import page from "./page";
import type { Staged } from "./upload";
import { Without } from "./Without";

const PRESETS = ["orders", "events", "profiles"] as const;

type Preset = (typeof PRESETS)[number];

interface Reading {
  preset: Preset | null;
  map: Record<string, string>;
  tz: string;
  sheet: string;
}

const GUESSED: Reading = { preset: null, map: {}, tz: "", sheet: "" };

/** A file that was sent: how it is read, corrected until it is right, then tried or imported. */
export function File({ id }: { id: string }) {
  const { t } = useTranslation();
  const [, setView] = useView(page);
  const [reading, setReading] = useState(GUESSED);
  const changed = reading === GUESSED ? "" : JSON.stringify(reading);
  const params = { path: { file_id: id } };
  const look = useQuery({
    queryKey: ["imports", "file", id, changed],
    queryFn: () => told(api.POST("/api/imports/files/{file_id}/look", { params, body: reading })),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const drop = useMutation({
    mutationFn: () => told(api.DELETE("/api/imports/files/{file_id}", { params })),
    onSettled: () => setView({ file: "" }),
  });
  const remap = (staged: Staged) => (map: Record<string, string>) =>
    setReading({ ...reading, preset: staged.preset as Preset, map });
  return (
    <section className="panel" aria-labelledby="read">
      <h2 id="read">{t("imports.read", { name: look.data?.name ?? "" })}</h2>
      {look.error && look.data !== undefined && <Failure error={look.error} />}
      <Answer of={look}>
        {(staged) => (
          <>
            <Choices staged={staged} reading={reading} change={setReading} />
            <Gaps staged={staged} map={reading.map} change={remap(staged)} />
            <Mapping staged={staged} given={reading.map} change={remap(staged)} />
            <Rows staged={staged} />
            <Run staged={staged} reading={{ ...reading, preset: staged.preset as Preset }} />
          </>
        )}
      </Answer>
      <Button onClick={() => drop.mutate()}>{t("imports.remove")}</Button>
    </section>
  );
}

interface Shown {
  staged: Staged;
  map: Record<string, string>;
  change: (map: Record<string, string>) => void;
}

/** What is wanting before the file can be imported, and what to do about it. */
function Gaps({ staged, map, change }: Shown) {
  const { t } = useTranslation();
  const fieldName = useFieldName(staged.preset);
  const order = staged.mapping.find(({ field }) => field === "order_id")?.column;
  const reads = (name: string) =>
    staged.mapping.some(({ field, column }) => field === name && column !== "");
  const priced = staged.preset === "orders" && !staged.without.includes("amount");
  const each = staged.preset === "orders" && order;
  return (
    <>
      {staged.lacks.length > 0 && (
        <Alert
          className="imports-gap"
          type="warning"
          showIcon
          title={t("imports.lacks", { fields: staged.lacks.map((one) => fieldName(one)) })}
          description={t("imports.lacks_next")}
        />
      )}
      {staged.identifiers.length === 0 && (
        <Alert
          className="imports-gap"
          type="warning"
          showIcon
          title={t("imports.nobody")}
          description={t(each ? "imports.nobody_orders" : "imports.nobody_next")}
          action={
            each && (
              <Button onClick={() => change({ ...map, order_id: order, anonymous_id: order })}>
                {t("imports.nobody_each")}
              </Button>
            )
          }
        />
      )}
      <Without of={staged.without} />
      {priced && !reads("currency") && <p className="soft">{t("imports.no_currency")}</p>}
    </>
  );
}

interface Choosing {
  staged: Staged;
  reading: Reading;
  change: (reading: Reading) => void;
}

function Choices({ staged, reading, change }: Choosing) {
  const { t } = useTranslation();
  const zone = useZone();
  const zones = Intl.supportedValuesOf("timeZone").map((value) => ({ value, label: value }));
  return (
    <div className="imports-choices">
      <Segmented
        value={staged.preset}
        onChange={(preset) => change({ ...reading, preset: preset as Preset, map: {} })}
        options={PRESETS.map((value) => ({ value, label: t(`imports.presets.${value}`) }))}
      />
      <span>
        <span className="soft">{t("imports.zone")} </span>
        <Select
          aria-label={t("imports.zone")}
          showSearch
          allowClear
          placeholder={zone}
          value={reading.tz || undefined}
          onChange={(tz) => change({ ...reading, tz: tz ?? "" })}
          options={zones}
        />
      </span>
      {staged.sheets.length > 1 && (
        <Select
          aria-label={t("imports.sheet")}
          value={reading.sheet || staged.sheets[0]}
          onChange={(sheet) => change({ ...reading, sheet, map: {} })}
          options={staged.sheets.map((value) => ({ value, label: value }))}
        />
      )}
      <span className="soft">{staged.format}</span>
    </div>
  );
}

function Rows({ staged }: { staged: Staged }) {
  const { t } = useTranslation();
  return (
    <details className="imports-gap">
      <summary>{t("imports.first_rows", { count: staged.rows.length })}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys. */}
      <section className="sample" tabIndex={0} aria-label={t("imports.sample")}>
        <table>
          <thead>
            <tr>
              {staged.columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {staged.rows.map((row, number) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have nothing else.
              <tr key={number}>
                {staged.columns.map((name) => (
                  <td key={name}>{String(row[name] ?? "")}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

function Run({ staged, reading }: { staged: Staged; reading: Reading }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [, setView] = useView(page);
  const [once, setOnce] = useState(false);
  const run = useMutation({
    mutationFn: (dry_run: boolean) =>
      told(
        api.POST("/api/imports/files/{file_id}/run", {
          params: { path: { file_id: staged.file } },
          body: {
            ...reading,
            preset: reading.preset ?? "orders",
            source: "import",
            drop_duplicates: once,
            dry_run,
          },
        }),
      ),
    onSuccess: async (job, dry_run) => {
      setView({ job: job.id, file: dry_run ? staged.file : "" });
      await client.invalidateQueries({ queryKey: ["imports", "all"] });
    },
  });
  const wanting = staged.lacks.length > 0 || staged.identifiers.length === 0;
  const busy = run.isPending || wanting;
  return (
    <>
      <div className="imports-gap">
        <Checkbox checked={once} onChange={(event) => setOnce(event.target.checked)}>
          {t("imports.drop_duplicates")}
        </Checkbox>
      </div>
      {run.error && <Failure error={run.error} />}
      <div className="imports-actions">
        <Button type="primary" disabled={busy} onClick={() => run.mutate(false)}>
          {t("imports.run")}
        </Button>
        <Button disabled={busy} onClick={() => run.mutate(true)}>
          {t("imports.try")}
        </Button>
        <span className="soft">{t("imports.try_about")}</span>
      </div>
    </>
  );
}
