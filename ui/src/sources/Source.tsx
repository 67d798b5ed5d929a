import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Alert, App, Button, Popconfirm } from "antd";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { Said } from "../refusals/Said";
import { CopyText } from "../shell/CopyText";
import { useFormat } from "../shell/format";
import { useMay } from "../shell/session";
import { Answer, Empty } from "../shell/Told";
import { type Activity, keyOf, SOURCES, useActivity, useKeys } from "./asked";
import { Health, Hours } from "./Health";
import { Snippets } from "./Snippets";
import "./sources.css";

export default function Source() {
  const { t } = useTranslation();
  const { name = "" } = useParams({ strict: false }) as { name?: string };
  const activity = useActivity();
  return (
    <Answer of={activity}>
      {({ items }) => {
        const found = items.find((row) => row.name === name);
        if (found) return <Known row={found} />;
        return (
          <div className="panel">
            <Empty
              title={t("sources.absent", { name })}
              next={t("sources.absent_next")}
              action={<Link to={"/sources" as never}>{t("sources.back")}</Link>}
            />
          </div>
        );
      }}
    </Answer>
  );
}

function Known({ row }: { row: Activity }) {
  const { t } = useTranslation();
  const may = useMay("admin");
  return (
    <>
      <div className="title">
        <h1>{row.name}</h1>
        <Health state={row.state} />
        <div className="actions">{may && row.state !== "closed" && <Revoke name={row.name} />}</div>
        <p>
          <Link to={"/sources" as never}>{t("sources.back")}</Link>
        </p>
      </div>
      <NewKey name={row.name} />
      {(row.state === "silent" || row.state === "failing") && (
        <Alert
          className="sources-note"
          type="warning"
          showIcon
          title={t(`sources.${row.state}_next`)}
        />
      )}
      <div className="panels">
        <Came row={row} />
        {may && row.state !== "closed" && <Key name={row.name} />}
      </div>
      {row.state !== "closed" && <Snippets name={row.name} />}
    </>
  );
}

function NewKey({ name }: { name: string }) {
  const { t } = useTranslation();
  const { data } = useQuery<string>({ queryKey: keyOf(name), enabled: false });
  if (!data) return null;
  return (
    <section className="panel sources-new" aria-labelledby="new-key">
      <h2 id="new-key">{t("sources.key_once")}</h2>
      <div className="sources-key">
        <code>{data}</code>
        <CopyText text={data} label={t("sources.copy_key")} />
      </div>
    </section>
  );
}

function Came({ row }: { row: Activity }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="panel" aria-labelledby="came">
      <h2 id="came">{t("sources.came")}</h2>
      <Hours hours={row.hours} />
      <dl className="facts">
        <dt>{t("sources.accepted_today")}</dt>
        <dd>{format.count(row.accepted_today)}</dd>
        <dt>{t("sources.refused_today")}</dt>
        <dd>{format.count(row.refused_today)}</dd>
        <dt>{t("sources.events")}</dt>
        <dd>{format.count(row.events)}</dd>
        <dt>{t("sources.last")}</dt>
        <dd>{row.last_at ? format.moment(row.last_at) : t("sources.never")}</dd>
      </dl>
    </section>
  );
}

function Key({ name }: { name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="panel" aria-labelledby="key">
      <h2 id="key">{t("sources.key")}</h2>
      <Answer of={useKeys()}>
        {({ items }) => {
          const found = items.find((one) => one.name === name);
          if (!found) return null;
          return (
            <dl className="facts">
              <dt>{t("sources.begins")}</dt>
              <dd>
                <code>{found.key_prefix}…</code>
              </dd>
              <dt>{t("sources.where")}</dt>
              <dd>{t(found.public ? "sources.public" : "sources.private")}</dd>
              <dt>{t("sources.datum")}</dt>
              <dd>{t(`sources.datums.${found.datum}`)}</dd>
              <dt>{t("sources.project")}</dt>
              <dd>{found.project || t("sources.project_none")}</dd>
              <dt>{t("sources.created")}</dt>
              <dd>{format.moment(found.created_at)}</dd>
            </dl>
          );
        }}
      </Answer>
    </section>
  );
}

function Revoke({ name }: { name: string }) {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const revoke = useMutation({
    mutationFn: () => told(api.DELETE("/api/sources/{name}", { params: { path: { name } } })),
    onSuccess: async () => {
      notification.success({ title: t("sources.revoked", { name }) });
      client.removeQueries({ queryKey: keyOf(name) });
      await client.invalidateQueries({ queryKey: SOURCES });
      await navigate({ to: "/sources" as never });
    },
    onError: (error) =>
      notification.error({
        title: t("sources.not_revoked"),
        description: <Said text={error.message} />,
      }),
  });
  return (
    <Popconfirm
      title={t("sources.revoke_sure", { name })}
      description={t("sources.revoke_about")}
      okText={t("sources.revoke")}
      cancelText={t("sources.cancel")}
      okButtonProps={{ danger: true }}
      onConfirm={() => revoke.mutate()}
    >
      <Button danger loading={revoke.isPending}>
        {t("sources.revoke")}
      </Button>
    </Popconfirm>
  );
}
