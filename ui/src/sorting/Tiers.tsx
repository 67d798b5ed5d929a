import { ReloadOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Segmented, Select } from "antd";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Chart } from "../charts/Chart";
import { Members } from "../named/Members";
import { useFormat } from "../shell/format";
import { useLook } from "../shell/look";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { Answer } from "../shell/Told";
import { BAND_COLOURS, COLOURS } from "../shell/theme";
import {
  type Movement,
  type Scheme,
  type Standing,
  useMovement,
  useRefresh,
  useStanding,
  useTierMembers,
} from "./asked";
import { Desk, List, One } from "./Desk";
import { BACK, tiers as page } from "./page";
import { plain } from "./plain";
import { Editor } from "./TierForm";

/** Every scheme of tiers: how many are in which, who they are, and who moved. */
export default function Tiers() {
  const { t } = useTranslation();
  const words = {
    about: t("sorting.tiers_about"),
    make: t("sorting.new_scheme"),
    none: t("sorting.no_tiers"),
    next: t("sorting.no_tiers_next"),
  };
  const columns: Cell<Scheme>[] = [
    { key: "by", title: t("sorting.by"), show: (one) => t(`sorting.way.${one.by}`) },
    {
      key: "tiers",
      title: t("sorting.tiers"),
      show: (one) => one.tiers.map(({ name }) => name).join(" < "),
    },
  ];
  return (
    <Desk
      kind="tiers"
      page={page}
      words={words}
      Editor={Editor}
      listed={(items) => <List page={page} items={items} columns={columns} />}
    >
      {(one, actions) => (
        <>
          <Shown one={one} actions={actions} />
          <Moved one={one} />
          <InTier one={one} />
        </>
      )}
    </Desk>
  );
}

function Shown({ one, actions }: { one: Scheme; actions: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const standing = useStanding(one);
  const refresh = useRefresh();
  const anew = one.fixed_at && (
    <Button
      icon={<ReloadOutlined />}
      loading={refresh.isPending}
      onClick={() => refresh.mutate(one.id)}
    >
      {t("sorting.refresh")}
    </Button>
  );
  const told = [
    one.metrics.map(({ sentence }) => sentence).join(t("named.comma")),
    one.fixed_at ? t("sorting.fixed_at", { at: format.moment(one.fixed_at) }) : "",
    one.grace > 0 ? t("sorting.grace_of", { count: one.grace }) : "",
  ];
  return (
    <One
      one={one}
      actions={
        <>
          {actions}
          {anew}
        </>
      }
    >
      <p className="soft">{told.filter(Boolean).join(" · ")}</p>
      <Answer of={standing}>{(found) => <Counts one={one} found={found} />}</Answer>
    </One>
  );
}

/** Who is in a tier: the highest, until another is chosen. */
function InTier({ one }: { one: Scheme }) {
  const { t } = useTranslation();
  const [view, setView] = useView(page);
  const names = one.tiers.map(({ name }) => name).reverse();
  const tier = names.find((name) => name === view.tier) ?? names[0] ?? "";
  const found = useTierMembers(one, tier);
  return (
    <Members
      title={t("sorting.in_tier")}
      among={`tier:${one.id}:${tier}`}
      found={found}
      name={`${one.name} ${tier}`}
      from={`/api/tiers/${encodeURIComponent(one.id)}/export`}
      query={{ tier }}
      next={t("sorting.nobody_next")}
    >
      <Select
        aria-label={t("sorting.tier")}
        value={tier}
        options={names.map((value) => ({ value, label: value }))}
        onChange={(next) => setView({ tier: next }, { still: true })}
        popupMatchSelectWidth={false}
      />
    </Members>
  );
}

function Counts({ one, found }: { one: Scheme; found: Standing }) {
  const { t } = useTranslation();
  const format = useFormat();
  const most = Math.max(...found.tiers.map(({ profiles }) => profiles), 1);
  const rows = [...found.tiers].reverse();
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? "\u2013" : plain(format, value);
  const asked = (name: string) => JSON.stringify({ tier: { id: one.id, any_of: [name] } });
  return (
    <Sheet
      label={t("sorting.standing")}
      rows={rows}
      rowKey={({ name }) => name}
      columns={[
        { key: "name", title: t("sorting.tier"), head: true, show: ({ name }) => name },
        {
          key: "bar",
          title: t("sorting.share"),
          show: (tier) => (
            <span className="sorting-bar">
              <span style={{ width: `${(100 * tier.profiles) / most}%` }} />
              <em>{format.percent(tier.share)}</em>
            </span>
          ),
        },
        {
          key: "profiles",
          title: t("sorting.profiles"),
          number: true,
          show: (tier) => format.count(tier.profiles),
        },
        { key: "from", title: t("sorting.from"), number: true, show: (tier) => number(tier.from) },
        { key: "mean", title: t("sorting.mean"), number: true, show: (tier) => number(tier.mean) },
        {
          key: "segment",
          title: t("sorting.as_segment"),
          show: ({ name }) => (
            <Link to={"/segments/build" as never} search={{ rule: asked(name) } as never}>
              {t("sorting.make_segment", { name })}
            </Link>
          ),
        },
      ]}
    />
  );
}

function Moved({ one }: { one: Scheme }) {
  const { t } = useTranslation();
  const [view, setView] = useView(page);
  const moved = useMovement(one, Number(view.back));
  return (
    <section className="panel" aria-labelledby="sorting-moved">
      <h2 id="sorting-moved">{t("sorting.moved")}</h2>
      <Segmented
        aria-label={t("sorting.since")}
        value={view.back}
        options={BACK.map((value) => ({
          value,
          label: t("sorting.back", { count: Number(value) }),
        }))}
        onChange={(back) => setView({ back })}
      />
      <Answer of={moved}>{(found) => <Matrix found={found} />}</Answer>
    </section>
  );
}

/** From which tier to which, as streams, and as a table. */
function Matrix({ found }: { found: Movement }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { shade } = useLook();
  const absent = t("sorting.absent");
  const option = useMemo(() => {
    const { ink, soft } = COLOURS[shade];
    const colours = BAND_COLOURS[shade];
    const ramp = [colours.cold.fill, colours.cool.fill, colours.warm.fill, colours.hot.fill];
    const colour = (name: string | null | undefined) => {
      const at = found.tiers.indexOf(name ?? "");
      if (at < 0) return soft;
      return ramp[Math.round((at * (ramp.length - 1)) / Math.max(found.tiers.length - 1, 1))];
    };
    const nodes = (["from", "to"] as const).flatMap((side) =>
      [...found.tiers]
        .reverse()
        .concat([absent])
        .flatMap((name) => {
          const there = found.moves.some((one) => (one[side] ?? absent) === name);
          if (!there) return [];
          return [
            {
              name: `${side}-${name}`,
              depth: side === "from" ? 0 : 1,
              itemStyle: { color: colour(name) },
              label: { formatter: name, color: ink, position: side === "from" ? "right" : "left" },
            },
          ];
        }),
    );
    const links = found.moves.map((one) => ({
      source: `from-${one.from ?? absent}`,
      target: `to-${one.to ?? absent}`,
      value: one.profiles,
    }));
    return {
      tooltip: { trigger: "item" },
      series: [
        {
          type: "sankey",
          left: 8,
          right: 8,
          top: 8,
          bottom: 8,
          nodeGap: 10,
          nodeWidth: 14,
          layoutIterations: 0,
          draggable: false,
          lineStyle: { color: "source", opacity: 0.35 },
          data: nodes,
          links,
        },
      ],
    };
  }, [found, shade, absent]);
  const numbers = useMemo(
    () => ({
      columns: [format.day(found.from), format.day(found.to), t("sorting.profiles")],
      rows: found.moves.map((one) => [one.from ?? absent, one.to ?? absent, one.profiles]),
    }),
    [found, format, t, absent],
  );
  const many = new Map(
    found.moves.map((one) => [`${one.from ?? absent} ${one.to ?? absent}`, one.profiles]),
  );
  const names = [...found.tiers].reverse();
  const rows = [...names, absent].filter((name) =>
    found.moves.some((one) => (one.from ?? absent) === name),
  );
  return (
    <>
      <Chart title={t("sorting.moved")} option={option} numbers={numbers} height={320} />
      <Sheet
        label={t("sorting.matrix")}
        rows={rows}
        rowKey={(name) => name}
        columns={[
          { key: "from", title: t("sorting.from_to"), head: true, show: (name: string) => name },
          ...names.map((to) => ({
            key: to,
            title: to,
            number: true,
            show: (name: string) => format.count(many.get(`${name} ${to}`) ?? 0),
          })),
        ]}
      />
    </>
  );
}
