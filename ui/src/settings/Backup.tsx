import { useQuery } from "@tanstack/react-query";
import { Button, Form, InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useFormat } from "../shell/format";
import { Job, lookAgain } from "../shell/Job";
import { Sheet } from "../shell/Sheet";
import { Answer, Empty, Failure } from "../shell/Told";
import { useAttempt } from "./attempt";
import { useConfig } from "./System";

type Made = components["schemas"]["BackupJob"];

const BACKUPS = ["backups"];

/** Backups: made while it runs, followed, and how to come back from one. */
export function Backup() {
  const { t } = useTranslation();
  const { attempt, busy, error } = useAttempt(BACKUPS);
  const config = useConfig();
  const folder = config.data?.items.find(({ name }) => name === "backup_folder")?.value;
  const backups = useQuery({
    queryKey: BACKUPS,
    queryFn: () => told(api.GET("/api/backups")),
    refetchInterval: ({ state }) => {
      const waits = state.data?.items.map(lookAgain).filter((ms) => ms !== false) ?? [];
      return waits[0] ?? false;
    },
  });
  const make = ({ keep }: { keep?: number | null }) =>
    attempt(() => told(api.POST("/api/backups", { body: { target: null, keep: keep ?? null } })));
  const stop = (job_id: string) =>
    attempt(() => told(api.POST("/api/backups/{job_id}/cancel", { params: { path: { job_id } } })));
  return (
    <>
      {error !== undefined && <Failure error={error} />}
      <div className="panels">
        <section className="panel" aria-labelledby="settings-backup">
          <h2 id="settings-backup">{t("settings.backup.make")}</h2>
          <p className="soft">{t("settings.backup.about")}</p>
          {config.data && (
            <p>
              {folder
                ? t("settings.backup.usual", { folder: String(folder) })
                : t("settings.backup.no_folder")}
            </p>
          )}
          <Form layout="vertical" onFinish={make}>
            <Form.Item
              name="keep"
              label={t("settings.backup.keep")}
              extra={t("settings.backup.keep_about")}
            >
              <InputNumber min={0} max={10_000} />
            </Form.Item>
            <Button type="primary" htmlType="submit" loading={busy} disabled={!folder}>
              {t("settings.backup.start")}
            </Button>
          </Form>
        </section>
        <section className="panel" aria-labelledby="settings-restore">
          <h2 id="settings-restore">{t("settings.backup.restore")}</h2>
          <p>{t("settings.backup.restore_about")}</p>
          <pre className="settings-code">
            {`hotspring restore ${String(folder || "/safe/hotspring")} --data again\nhotspring serve --data again`}
          </pre>
        </section>
      </div>
      <section className="panel" aria-labelledby="settings-backups">
        <h2 id="settings-backups">{t("settings.backup.list")}</h2>
        <Answer of={backups}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t("settings.backup.none")} next={t("settings.backup.none_next")} />
            ) : (
              <List items={items} stop={stop} />
            )
          }
        </Answer>
      </section>
    </>
  );
}

function List({ items, stop }: { items: Made[]; stop: (id: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const told = ({ id, state, progress, report }: Made) => {
    if (state !== "done") {
      const work = { state, progress, error: String(report.error ?? "") };
      return <Job work={work} label={t("settings.backup.job")} stop={() => stop(id)} />;
    }
    return t("settings.backup.holds", {
      files: format.count(Number(report.files)),
      megabytes: format.number(Number(report.bytes) / 1e6, 1),
      seconds: format.seconds(Number(report.seconds)),
    });
  };
  return (
    <Sheet<Made>
      label={t("settings.backup.list")}
      rowKey={({ id }) => id}
      rows={items}
      columns={[
        {
          title: t("settings.at"),
          key: "started_at",
          head: true,
          show: ({ started_at }) => format.moment(started_at),
        },
        { title: t("settings.by"), key: "by", show: ({ by }) => by },
        { title: t("settings.backup.target"), key: "target", show: ({ target }) => target },
        { title: t("settings.backup.result"), key: "result", show: (one) => told(one) },
      ]}
    />
  );
}
