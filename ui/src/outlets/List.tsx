import { DeleteOutlined, EditOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { csv, ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { type Column, Rows } from "../shell/Rows";
import { Temperature } from "../shell/Temperature";
import { Empty } from "../shell/Told";
import { FIELDS, type Outlet, useOutletEdits } from "./asked";
import page, { viewOf } from "./page";

const CLOSE = 13;

interface Shown {
  items: Outlet[];
  edit?: (outlet: Outlet) => void;
}

/** The outlets one by one, to be found, changed and taken off the map. */
export function List({ items, edit }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const [view, setView] = useView({ ...page, view: viewOf });
  const { remove } = useOutletEdits();
  const [sort, setSort] = useState<{ key: Key; up: boolean }>({ key: "name", up: true });
  const q = view.q.trim().toLowerCase();
  const found = items
    .filter((one) => `${one.name} ${one.kind} ${one.own_id ?? ""}`.toLowerCase().includes(q))
    .sort((one, other) => (sort.up ? 1 : -1) * order(one, other, sort.key));
  const sorting = (key: Key) => ({
    sorted: sort.key === key ? (sort.up ? ("up" as const) : ("down" as const)) : undefined,
    sort: () => setSort({ key, up: sort.key === key && !sort.up }),
  });
  const people = (figures: Outlet["within"]) => {
    if (typeof figures?.profiles === "number") return format.count(figures.profiles);
    return figures?.withheld ? t("outlets.too_few") : "0";
  };
  const columns: Column<Outlet>[] = [
    {
      key: "name",
      title: t("outlets.name"),
      width: 200,
      ...sorting("name"),
      show: (one) => (
        <Link to={"/map" as never} search={spot(one) as never} title={one.name}>
          {one.name}
        </Link>
      ),
    },
    {
      key: "kind",
      title: t("outlets.kind"),
      width: 100,
      ...sorting("kind"),
      show: (one) => one.kind,
    },
    {
      key: "capacity",
      title: t("outlets.capacity"),
      width: 90,
      number: true,
      ...sorting("capacity"),
      show: (one) => (one.capacity > 0 ? format.count(one.capacity) : "–"),
    },
    {
      key: "radius",
      title: t("outlets.radius"),
      width: 110,
      number: true,
      ...sorting("radius"),
      show: (one) => `${format.count(Math.round(one.radius))} m`,
    },
    {
      key: "within",
      title: t("outlets.within"),
      width: 120,
      number: true,
      ...sorting("within"),
      show: (one) => people(one.within),
    },
    {
      key: "mean",
      title: t("outlets.within_mean"),
      width: 150,
      ...sorting("mean"),
      show: (one) =>
        typeof one.within?.mean === "number" ? <Temperature value={one.within.mean} /> : "–",
    },
    {
      key: "nearest",
      title: t("outlets.nearest"),
      width: 110,
      number: true,
      ...sorting("nearest"),
      show: (one) => people(one.nearest),
    },
    {
      key: "place",
      title: t("outlets.place"),
      width: 160,
      show: (one) => `${one.lon.toFixed(4)}, ${one.lat.toFixed(4)}`,
    },
  ];
  if (edit) {
    columns.push({
      key: "do",
      title: t("outlets.do"),
      width: 100,
      show: (one) => (
        <>
          <Button
            type="text"
            icon={<EditOutlined />}
            aria-label={t("outlets.edit", { name: one.name })}
            onClick={() => edit(one)}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t("outlets.delete", { name: one.name })}
            onClick={() => remove.mutate([one.id])}
          />
        </>
      ),
    });
  }
  const file = () =>
    csv(
      [...FIELDS],
      found.map((one) => FIELDS.map((name) => one[name] ?? "")),
    );
  return (
    <>
      <div className="outlets-tools">
        <Input.Search
          allowClear
          defaultValue={view.q}
          placeholder={t("outlets.find")}
          aria-label={t("outlets.find")}
          onChange={({ target }) => setView({ q: target.value }, { replace: true })}
        />
        <span className="soft">{t("outlets.count", { found: format.count(found.length) })}</span>
        {edit && found.length > 1 && (
          <Button
            icon={<DeleteOutlined />}
            loading={remove.isPending}
            onClick={() => remove.mutate(found.map((one) => one.id))}
          >
            {t("outlets.delete_all", { found: format.count(found.length) })}
          </Button>
        )}
        <ExportButton files={[{ label: "CSV (WGS-84)", name: "outlets.csv", from: file }]} />
      </div>
      {found.length > 0 ? (
        <Rows label={t("outlets.list")} columns={columns} rows={found} rowKey={(one) => one.id} />
      ) : (
        <section className="panel">
          <Empty title={t("outlets.not_found")} next={t("outlets.not_found_next")} />
        </section>
      )}
    </>
  );
}

type Key = "name" | "kind" | "capacity" | "radius" | "within" | "nearest" | "mean";

function sortedBy(one: Outlet, key: Key): number | string {
  if (key === "within" || key === "nearest") return one[key]?.profiles ?? -1;
  if (key === "mean") return one.within?.mean ?? -99;
  return one[key];
}

function order(one: Outlet, other: Outlet, key: Key): number {
  const [a, b] = [sortedBy(one, key), sortedBy(other, key)];
  return typeof a === "string" ? a.localeCompare(String(b)) : a - (b as number);
}

/** Where on the map an outlet is seen. */
function spot(one: Outlet) {
  const at = `${one.lon.toFixed(5)},${one.lat.toFixed(5)},${CLOSE.toFixed(2)}`;
  return { at, outlets: "on", shop: one.id };
}
