import { Drawer, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { plain } from "../named/traits";
import { useFormat } from "../shell/format";
import { usePages } from "../shell/paging";
import { type Column, Rows } from "../shell/Rows";
import { Answer, Empty } from "../shell/Told";

interface Happening {
  name: string;
  type: string;
  at: string;
  source: string;
  message_id: string;
  channel: string;
  device: string;
  amount: number | null;
  currency: string;
  machine: boolean;
  flagged: "machine" | "human" | null;
  properties: Record<string, unknown>;
}

const PAGE = 100;

/** Everything a person did, the latest first. */
export function Timeline({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState<Happening>();
  const events = usePages<Happening>(["profile", id, "timeline"], (cursor) => {
    const params = { path: { key: id }, query: { cursor, limit: PAGE } };
    return told(api.GET("/api/profiles/{key}/timeline", { params })) as never;
  });
  const columns: Column<Happening>[] = [
    { key: "at", title: t("profiles.at"), width: 160, show: (one) => format.moment(one.at) },
    {
      key: "name",
      title: t("profiles.event"),
      width: 240,
      show: (one) => (
        <button type="button" className="link" onClick={() => setOpen(one)}>
          {one.name || one.type}
        </button>
      ),
    },
    {
      key: "amount",
      title: t("profiles.amount"),
      width: 130,
      number: true,
      show: (one) => (one.amount === null ? "" : `${format.number(one.amount)} ${one.currency}`),
    },
    { key: "channel", title: t("profiles.channel"), width: 130, show: (one) => one.channel },
    { key: "device", title: t("profiles.device"), width: 110, show: (one) => one.device },
    { key: "source", title: t("profiles.source"), width: 140, show: (one) => one.source },
    {
      key: "machine",
      title: t("profiles.note"),
      width: 140,
      show: (one) => one.machine && <Tag>{t("profiles.machine")}</Tag>,
    },
  ];
  return (
    <Answer of={events}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty title={t("profiles.no_events")} next={t("profiles.no_events_next")} />
        ) : (
          <>
            <Rows
              label={t("profiles.tabs.timeline")}
              columns={columns}
              rows={rows}
              rowKey={(one) => `${one.source}/${one.message_id}`}
              more={events.more}
              busy={events.busy}
              height="560px"
            />
            <Drawer
              open={!!open}
              onClose={() => setOpen(undefined)}
              title={open?.name || open?.type}
              size={420}
            >
              {open && <Detail of={open} />}
            </Drawer>
          </>
        )
      }
    </Answer>
  );
}

function Detail({ of }: { of: Happening }) {
  const { t } = useTranslation();
  const format = useFormat();
  const properties = Object.entries(of.properties);
  return (
    <>
      <dl className="facts">
        <dt>{t("profiles.at")}</dt>
        <dd>{format.moment(of.at)}</dd>
        <dt>{t("profiles.source")}</dt>
        <dd>{of.source}</dd>
        <dt>{t("profiles.message_id")}</dt>
        <dd>{of.message_id}</dd>
      </dl>
      <h2 className="profiles-properties">{t("profiles.properties")}</h2>
      {properties.length === 0 && <p className="soft">{t("profiles.no_properties")}</p>}
      <dl className="facts">
        {properties.map(([name, value]) => (
          <div key={name} className="facts-row">
            <dt>{name}</dt>
            <dd>{plain(value)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
