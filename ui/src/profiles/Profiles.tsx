import { useQuery } from "@tanstack/react-query";
import { Button, Input, Segmented, Select } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { NAME, plain, traitOf } from "../named/traits";
import { Who } from "../named/Who";
import { csv, type Export, ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { usePages } from "../shell/paging";
import { type Column, Rows } from "../shell/Rows";
import { useMay } from "../shell/session";
import { BandShape, Temperature } from "../shell/Temperature";
import { Answer, Empty } from "../shell/Told";
import { BANDS } from "../shell/theme";
import { Among } from "../sorting/Among";
import { list } from "./page";
import "./profiles.css";

type Found = components["schemas"]["FoundProfile"];
type View = ReturnType<NonNullable<typeof list.view>>;

const PAGE = 100;

export default function Profiles() {
  const { t } = useTranslation();
  const [view, setView] = useView(list);
  const { q, trait, band, among, sort } = view;
  const found = usePages(["profiles", q, trait, band, among, sort], (cursor) => {
    const said = {
      q: q || undefined,
      trait: trait || undefined,
      band: band || undefined,
      among: among || undefined,
    };
    const query = { ...said, sort, cursor, limit: PAGE, detail: true };
    return told(api.GET("/api/profiles", { params: { query } }));
  });
  const columns = useColumns(view, setView);
  const narrowed = q || trait || band || among;
  return (
    <>
      <div className="title">
        <h1>{t("profiles.title")}</h1>
        <div className="actions">
          <Exported view={view} rows={found.data ?? []} />
        </div>
        <Count view={view} loaded={found.data?.length ?? 0} whole={!found.more} />
      </div>
      <Filters view={view} setView={setView} rows={found.data ?? []} />
      <Answer of={found}>
        {(rows) =>
          rows.length === 0 ? (
            <div className="panel">
              <Empty
                title={t("profiles.empty")}
                next={t(narrowed ? "profiles.empty_narrowed" : "profiles.empty_pool")}
                action={
                  narrowed && (
                    <Button onClick={() => setView({ q: "", trait: "", band: "", among: "" })}>
                      {t("profiles.clear")}
                    </Button>
                  )
                }
              />
            </div>
          ) : (
            <Rows
              label={t("profiles.title")}
              columns={columns}
              rows={rows}
              rowKey={(row) => row.id}
              more={found.more}
              busy={found.busy}
            />
          )
        }
      </Answer>
    </>
  );
}

type SetView = ReturnType<typeof useView<View>>[1];

function useColumns(view: View, setView: SetView): Column<Found>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const down = view.sort === "temperature";
    const named = view.columns.includes(NAME);
    const traits = view.columns
      .filter((name) => name !== NAME)
      .map((name) => ({
        key: `trait-${name}`,
        title: name,
        show: (row: Found) => plain(traitOf(row.traits, name)),
      }));
    return [
      {
        key: "id",
        title: t("named.profile"),
        width: 210,
        show: (row) => <Who id={row.id} name={named ? plain(traitOf(row.traits, NAME)) : ""} />,
      },
      {
        key: "temperature",
        title: t("profiles.temperature"),
        width: 170,
        sorted: down ? "down" : "up",
        sort: () => setView({ sort: down ? "-temperature" : "temperature" }),
        show: (row) => <Temperature value={row.temperature} band={row.band} />,
      },
      ...traits,
      {
        key: "identifiers",
        title: t("profiles.identifiers"),
        width: 380,
        show: (row) => <Identifiers row={row} />,
      },
    ];
  }, [t, view.sort, view.columns, setView]);
}

function Identifiers({ row }: { row: Found }) {
  const all = row.identifiers ?? [];
  const text = all.map((one) => `${one.kind}:${one.value}`).join("  ");
  return (
    <span className="soft" title={text}>
      {text}
    </span>
  );
}

function Filters({ view, setView, rows }: { view: View; setView: SetView; rows: Found[] }) {
  const { t } = useTranslation();
  const names = useMemo(
    () => [...new Set([...view.columns, ...rows.flatMap((row) => Object.keys(row.traits ?? {}))])],
    [rows, view.columns],
  );
  const bands = [
    { value: "" as const, label: t("profiles.all_bands") },
    ...BANDS.map((band) => ({
      value: band,
      label: (
        <span className="band">
          <BandShape band={band} size={9} /> {t(`shell.bands.${band}`)}
        </span>
      ),
    })),
  ];
  return (
    <div className="profiles-filters">
      <Segmented
        value={view.band}
        options={bands}
        onChange={(band) => setView({ band })}
        aria-label={t("profiles.band")}
      />
      <Input.Search
        key={`q-${view.q}`}
        defaultValue={view.q}
        allowClear
        placeholder={t("profiles.q_hint")}
        aria-label={t("profiles.q")}
        onSearch={(q) => setView({ q: q.trim() })}
      />
      <Input.Search
        key={`trait-${view.trait}`}
        defaultValue={view.trait}
        allowClear
        placeholder={t("profiles.trait_hint")}
        aria-label={t("profiles.trait")}
        onSearch={(trait) => setView({ trait: trait.trim().replace("：", ":") })}
      />
      <Among
        value={view.among}
        change={(among) => setView({ among })}
        none={t("profiles.everybody")}
        label={t("sorting.among")}
      />
      <Select
        mode="multiple"
        maxTagCount="responsive"
        value={view.columns}
        options={names.map((name) => ({ value: name, label: name }))}
        onChange={(columns) => setView({ columns }, { replace: true })}
        placeholder={t("profiles.columns")}
        aria-label={t("profiles.columns")}
      />
    </div>
  );
}

function Count({ view, loaded, whole }: { view: View; loaded: number; whole: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useQuery({
    queryKey: ["temperature"],
    queryFn: () => told(api.GET("/api/temperature")),
  });
  if (!data) return null;
  // How many match a search is known once all of them are here; of a band it is always known.
  const searched = view.q !== "" || view.trait !== "" || view.among !== "";
  const total = view.band ? data.bands[view.band] : data.total;
  const known = searched ? loaded : total;
  return (
    <p>
      {t(searched && !whole ? "profiles.at_least" : "profiles.count", {
        count: known,
        told: format.count(known),
      })}
      {" · "}
      {t("profiles.as_of", { at: format.moment(data.as_of) })}
    </p>
  );
}

function Exported({ view, rows }: { view: View; rows: Found[] }) {
  const { t } = useTranslation();
  const may = useMay("analyst");
  const shown = () => {
    const names = ["id", "temperature", "band", "as_of", ...view.columns, "identifiers"];
    const cells = rows.map((row) => [
      row.id,
      row.temperature,
      row.band,
      row.as_of,
      ...view.columns.map((name) => plain(traitOf(row.traits, name))),
      (row.identifiers ?? []).map((one) => `${one.kind}:${one.value}`).join(" "),
    ]);
    return csv(names, cells);
  };
  const query = new URLSearchParams(view.band ? { band: view.band } : {});
  const files: Export[] = [
    {
      label: t("profiles.export_shown", { count: rows.length }),
      from: shown,
      name: "profiles-shown.csv",
    },
    ...(["csv", "jsonl"] as const).map((format) => ({
      label: t(view.band ? "profiles.export_band" : "profiles.export_all", {
        format: format.toUpperCase(),
      }),
      from: `/api/export/profiles?${new URLSearchParams([...query, ["format", format]])}`,
      name: `profiles.${format}`,
    })),
  ];
  return <ExportButton files={files} disabled={!may} />;
}
