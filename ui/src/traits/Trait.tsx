import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Found } from "../named/Found";
import { csv, ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { type Cell, Sheet } from "../shell/Sheet";
import { type Trait as Told, useTrait } from "./asked";
import { Size } from "./Traits";
import "./traits.css";

export default function Trait() {
  const { t } = useTranslation();
  const { name = "" } = useParams({ strict: false }) as { name?: string };
  const found = useTrait(name);
  return (
    <Found
      of={found}
      absent={t("traits.absent")}
      next={t("traits.absent_next")}
      all={["/traits", t("traits.back")]}
    >
      {(one) => <Shown one={one} />}
    </Found>
  );
}

interface Bar {
  key: string;
  label: string;
  count: number;
}

function Shown({ one }: { one: Told }) {
  const { t } = useTranslation();
  const format = useFormat();
  const ages = one.ages.map(({ days, count }) => ({
    key: String(days),
    label:
      days === null || days === undefined ? t("traits.older") : t("traits.within", { count: days }),
    count,
  }));
  const end = (edge: number | string) =>
    typeof edge === "string" ? format.day(edge) : format.number(edge, 2);
  const spread = [
    ...one.values.map(({ value, count }) => ({ key: value, label: value, count })),
    ...one.bars.map(({ low, high, count }) => ({
      key: String(low),
      label: t("traits.from_to", { low: end(low), high: end(high) }),
      count,
    })),
  ];
  const others = Object.keys(one.kinds).filter((kind) => kind !== one.kind);
  return (
    <>
      <div className="title">
        <h1>{one.name}</h1>
        <p>
          <Link to={"/traits" as never} activeOptions={{ exact: true }}>
            {t("traits.back")}
          </Link>
        </p>
      </div>
      <section className="panel" aria-label={t("traits.coverage")}>
        <dl className="facts traits-facts">
          <dt>{t("traits.coverage")}</dt>
          <dd>
            <b>
              <Size trait={one} />
            </b>
          </dd>
          <dt>{t("traits.as_of")}</dt>
          <dd>{one.as_of ? format.moment(one.as_of) : "\u2013"}</dd>
          <dt>{t("traits.kind")}</dt>
          <dd>{t(`traits.kinds.${one.kind}`)}</dd>
          <dt>{t("traits.sources")}</dt>
          <dd>{one.sources.join(t("traits.comma"))}</dd>
          <dt>{t("traits.last")}</dt>
          <dd>{format.moment(one.last_at)}</dd>
          <dt>{t("traits.first")}</dt>
          <dd>{format.moment(one.first_at)}</dd>
          <dt>{t("traits.writes")}</dt>
          <dd>{format.count(one.writes)}</dd>
        </dl>
        {others.length > 0 && (
          <p className="soft">
            {t("traits.also", {
              kinds: others.map((kind) => t(`traits.kinds.${kind}`)).join(t("traits.comma")),
            })}
          </p>
        )}
      </section>
      <Bars title={t("traits.spread")} head={t("traits.value")} rows={spread} name={one.name}>
        {spread.length === 0 && <p className="soft">{t("traits.not_spread")}</p>}
        {one.other > 0 && <p className="soft">{t("traits.other", { count: one.other })}</p>}
        {one.other_kinds > 0 && (
          <p className="soft">{t("traits.other_kinds", { count: one.other_kinds })}</p>
        )}
        {one.values.length > 0 && (
          <p>
            <Link to={"/profiles" as never}>{t("traits.in_list")}</Link>
          </p>
        )}
      </Bars>
      <Bars title={t("traits.fresh")} head={t("traits.age")} rows={ages} name={one.name} />
    </>
  );
}

interface Drawn {
  title: string;
  head: string;
  rows: Bar[];
  name: string;
  children?: React.ReactNode;
}

/** How many each row has, as figures and as bars. */
function Bars({ title, head, rows, name, children }: Drawn) {
  const { t } = useTranslation();
  const format = useFormat();
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const all = rows.reduce((sum, { count }) => sum + count, 0);
  const cells: Cell<Bar>[] = [
    { key: "label", title: head, head: true, show: ({ label }) => label },
    {
      key: "count",
      title: t("traits.people"),
      number: true,
      show: ({ count }) => format.count(count),
    },
    {
      key: "share",
      title: t("traits.share"),
      show: ({ count }) => (
        <span className="traits-share">
          <span style={{ width: `${(120 * count) / most}px` }} />
          {format.percent(all > 0 ? count / all : 0)}
        </span>
      ),
    },
  ];
  const file = () =>
    csv(
      ["value", "count"],
      rows.map(({ label, count }) => [label, count]),
    );
  return (
    <section className="panel" aria-label={title}>
      <div className="traits-bar">
        <h2>{title}</h2>
        {rows.length > 0 && (
          <ExportButton files={[{ label: "CSV", name: `${name}.csv`, from: file }]} />
        )}
      </div>
      {rows.length > 0 && (
        <Sheet label={title} columns={cells} rows={rows} rowKey={({ key }) => key} />
      )}
      {children}
    </section>
  );
}
