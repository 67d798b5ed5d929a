import { CheckOutlined, WarningOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { type Item, useAnalyses } from "../analytics/asked";
import { useShow } from "../analytics/figures";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useSpoken } from "../i18n";
import { useFormat } from "../shell/format";
import { Failure } from "../shell/Told";
import { KEY } from "./asked";
import "./boards.css";

type Alert = components["schemas"]["Alert"];

const EVERY_MS = 30_000;

/** Which watched figures are not as they should be, and which were not: of one dashboard or of all. */
export function Alerts({ board }: { board?: string }) {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: [KEY, "alerts"],
    queryFn: () => told(api.GET("/api/alerts")),
    refetchInterval: EVERY_MS,
  });
  const items = useAnalyses().data?.items;
  const rows = (found.data?.items ?? []).filter(({ dashboard }) => !board || dashboard === board);
  const open = rows.filter(({ ended_at }) => ended_at === null);
  const ended = rows.filter(({ ended_at }) => ended_at !== null);
  if (rows.length === 0) return null;
  const listed = (alerts: Alert[]) => (
    <ul className="boards-alerts">
      {alerts.map((alert) => (
        <One
          key={alert.id}
          alert={alert}
          item={items?.find(({ name }) => name === alert.analysis)}
          linked={!board}
        />
      ))}
    </ul>
  );
  return (
    <section className="panel" aria-labelledby="boards-alerts">
      <h2 id="boards-alerts">{t("boards.alerts.title")}</h2>
      {open.length > 0 ? listed(open) : <p className="soft">{t("boards.alerts.none")}</p>}
      {ended.length > 0 && (
        <details>
          <summary>{t("boards.alerts.ended", { n: ended.length })}</summary>
          {listed(ended)}
        </details>
      )}
    </section>
  );
}

interface Given {
  alert: Alert;
  item?: Item;
  /** Is the way to its dashboard shown? */
  linked: boolean;
}

function One({ alert, item, linked }: Given) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useSpoken();
  const client = useQueryClient();
  const { id, dashboard, currency, began_at, ended_at, seen_at, seen_by } = alert;
  const note = useMutation({
    mutationFn: () => told(api.POST("/api/alerts/{id}/seen", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: [KEY, "alerts"] }),
  });
  const show = useShow({ words: item?.words ?? NO_WORDS, currency, by: "" });
  const [kind, words] = item?.words.figures[alert.figure] ?? ["number", undefined];
  const title = alert.title || `${words?.[language] ?? alert.figure} · ${alert.report_name}`;
  const told_ = {
    value: show(kind, alert.value),
    low: alert.low === null ? "" : show(kind, alert.low),
    high: alert.high === null ? "" : show(kind, alert.high),
  };
  const bounds = alert.usual ? "usual" : alert.low === null ? "most" : "least";
  return (
    <li data-alert={id}>
      <p>
        {!ended_at && <WarningOutlined style={{ color: "var(--alert)" }} />}{" "}
        {linked && alert.dashboard_name !== null ? (
          <Link to={"/dashboards/$id" as never} params={{ id: dashboard } as never}>
            {title}
          </Link>
        ) : (
          <b>{title}</b>
        )}
        {" · "}
        {t(`boards.alerts.${bounds}`, told_)}
      </p>
      <p className="soft">
        {ended_at
          ? t("boards.alerts.span", { from: format.moment(began_at), to: format.moment(ended_at) })
          : t("boards.alerts.since", { at: format.moment(began_at) })}
        {seen_at && ` · ${t("boards.alerts.seen_by", { by: seen_by, at: format.moment(seen_at) })}`}
      </p>
      {!seen_at && (
        <Button
          size="small"
          icon={<CheckOutlined />}
          loading={note.isPending}
          aria-label={t("boards.alerts.see_of", { title })}
          onClick={() => note.mutate()}
        >
          {t("boards.alerts.see")}
        </Button>
      )}
      {note.error && <Failure error={note.error} />}
    </li>
  );
}

const NO_WORDS = {
  figures: {},
  tables: {},
  columns: {},
  sentences: {},
} as unknown as Item["words"];
