import { useTranslation } from "react-i18next";
import { csv, ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { type Cell, Sheet } from "../shell/Sheet";
import { Answer, Empty } from "../shell/Told";
import { useDistricts } from "./asked";
import type { Segment } from "./kept";
import { type Comparison, strength, useComparison } from "./together";

type NumberApart = Comparison["numbers"][number];
type ShareApart = Comparison["shares"][number];

const FIRST = 20;

/** What makes the members different from all others, the greatest difference first. */
export function Compare({ segment }: { segment: Segment }) {
  const found = useComparison(segment.id);
  return (
    <section className="panel">
      <Answer of={found}>{(one) => <Shown one={one} name={segment.name} />}</Answer>
    </section>
  );
}

function Shown({ one, name }: { one: Comparison; name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (one.members === 0 || one.rest === 0) {
    return <Empty title={t("segments.no_sides")} next={t("segments.no_sides_next")} />;
  }
  const file = {
    label: "CSV",
    name: `${name} ${t("segments.compare")}.csv`,
    from: () => table(one),
  };
  return (
    <>
      <div className="segments-bar">
        <span className="soft">
          {t("segments.compared", {
            members: format.count(one.members),
            rest: format.count(one.rest),
            at: format.moment(one.as_of),
          })}
        </span>
        <ExportButton files={[file]} />
      </div>
      <h2>{t("segments.numbers")}</h2>
      <Numbers rows={one.numbers.slice(0, FIRST)} />
      <h2 className="segments-second">{t("segments.shares")}</h2>
      <Shares rows={one.shares.slice(0, FIRST)} />
      <p className="soft">{t("segments.effects")}</p>
    </>
  );
}

function Effect({ effect, of }: { effect: number; of: "h" | "delta" }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      {format.number(effect)}{" "}
      <span className="soft">{t(`segments.strength.${strength(effect, of)}`)}</span>
    </>
  );
}

function Numbers({ rows }: { rows: NumberApart[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const told = (row: NumberApart, value: number | null | undefined) => {
    if (value === null || value === undefined) return "\u2013";
    return row.of === "temperature" ? format.degrees(value) : format.number(value);
  };
  const cells: Cell<NumberApart>[] = [
    {
      key: "name",
      title: t("segments.what"),
      head: true,
      show: (row) => (row.of === "temperature" ? t("segments.temperature") : row.name),
    },
    ...(["median", "mean"] as const).flatMap((which) =>
      (["members", "rest"] as const).map((side) => ({
        key: `${which}-${side}`,
        title: `${t(`segments.side.${side}`)} ${t(`segments.${which}`)}`,
        number: true,
        show: (row: NumberApart) => told(row, row[side][which]),
      })),
    ),
    {
      key: "effect",
      title: t("segments.effect"),
      number: true,
      show: (row) => <Effect effect={row.effect} of="delta" />,
    },
  ];
  return (
    <Sheet
      label={t("segments.numbers")}
      columns={cells}
      rows={rows}
      rowKey={(row) => `${row.of} ${row.name}`}
    />
  );
}

function Shares({ rows }: { rows: ShareApart[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useDistricts(rows.some((row) => row.of === "province"));
  const named = (row: ShareApart) => {
    if (row.of === "band") {
      return `${t("segments.leaf.band")}: ${t(`segments.states.${row.value}`)}`;
    }
    if (row.of === "province")
      return `${t("segments.province")}: ${data?.names[row.value] ?? row.value}`;
    return `${row.name}: ${row.value}`;
  };
  const cells: Cell<ShareApart>[] = [
    { key: "name", title: t("segments.what"), head: true, show: named },
    ...(["members", "rest"] as const).map((side) => ({
      key: side,
      title: t(`segments.side.${side}`),
      number: true,
      show: (row: ShareApart) => format.percent(row[side]),
    })),
    {
      key: "effect",
      title: t("segments.effect"),
      number: true,
      show: (row) => <Effect effect={row.effect} of="h" />,
    },
  ];
  return (
    <Sheet
      label={t("segments.shares")}
      columns={cells}
      rows={rows}
      rowKey={(row) => `${row.of} ${row.name} ${row.value}`}
    />
  );
}

function table({ numbers, shares }: Comparison): Blob {
  const columns = ["of", "name", "value", "measure", "members", "rest", "effect"];
  const rows = [
    ...numbers.flatMap(({ of, name, members, rest, effect }) =>
      (["median", "mean"] as const).map((which) => [
        of,
        name,
        "",
        which,
        members[which] ?? null,
        rest[which] ?? null,
        effect,
      ]),
    ),
    ...shares.map(({ of, name, value, members, rest, effect }) => [
      of,
      name,
      value,
      "share",
      members,
      rest,
      effect,
    ]),
  ];
  return csv(columns, rows);
}
