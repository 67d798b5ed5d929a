import {
  DeleteOutlined,
  EditOutlined,
  PlusOutlined,
  ReloadOutlined,
  TagOutlined,
} from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { App, Button, Popconfirm } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { Job } from "../shell/Job";
import { useView } from "../shell/page";
import { Sheet } from "../shell/Sheet";
import { Answer, Empty } from "../shell/Told";
import { type Clustering, useChanges, useClusters } from "./asked";
import { Editor } from "./Editor";
import { Groups } from "./Groups";
import page from "./page";
import "./clusters.css";

/** Groups of alike profiles: found by chosen traits, described, refreshed, kept as a tag. */
export default function Clusters() {
  const { t } = useTranslation();
  const found = useClusters();
  const [view, setView] = useView(page);
  const [editing, edit] = useState<Clustering | "new">();
  const close = (saved?: Clustering) => {
    edit(undefined);
    if (saved) setView({ id: saved.id });
  };
  return (
    <>
      <div className="title">
        <h1>{t("clusters.title")}</h1>
        <div className="actions">
          <Button type="primary" icon={<PlusOutlined />} onClick={() => edit("new")}>
            {t("clusters.new")}
          </Button>
        </div>
        <p>{t("clusters.about")}</p>
      </div>
      {editing && (
        <Editor
          key={editing === "new" ? "" : editing.id}
          kept={editing === "new" ? undefined : editing}
          done={close}
        />
      )}
      <Answer of={found}>
        {({ items }) => {
          const one = items.find(({ id }) => id === view.id) ?? items[0];
          if (!one) {
            return (
              <section className="panel">
                <Empty title={t("clusters.none")} next={t("clusters.none_next")} />
              </section>
            );
          }
          return (
            <>
              {items.length > 1 && <Listed items={items} />}
              <One
                one={one}
                edit={() => edit(one)}
                gone={() => setView({ id: "" }, { replace: true })}
              />
            </>
          );
        }}
      </Answer>
    </>
  );
}

function Listed({ items }: { items: Clustering[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="panel">
      <Sheet
        label={t("clusters.list")}
        rows={items}
        rowKey={({ id }) => id}
        columns={[
          {
            key: "name",
            title: t("clusters.name"),
            head: true,
            show: (one) => (
              <Link to={"/clusters" as never} search={{ id: one.id } as never}>
                {one.name}
              </Link>
            ),
          },
          {
            key: "traits",
            title: t("clusters.traits"),
            show: (one) => one.labels.join(t("clusters.comma")),
          },
          {
            key: "groups",
            title: t("clusters.groups_count"),
            number: true,
            show: (one) => (one.found ? format.count(one.found.groups.length) : "–"),
          },
        ]}
      />
    </section>
  );
}

function One({ one, edit, gone }: { one: Clustering; edit: () => void; gone: () => void }) {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const { refresh, cancel, tag, remove } = useChanges();
  const onError = (error: unknown) =>
    notification.error({
      title: t("clusters.failed"),
      description: error instanceof Problem ? <Said text={error.detail} /> : undefined,
    });
  const going = one.state === "queued" || one.state === "running";
  return (
    <section className="panel" aria-labelledby="clusters-one">
      <h2 id="clusters-one">{one.name}</h2>
      {one.description && <p className="soft">{one.description}</p>}
      <p className="soft">{t("clusters.by", { labels: one.labels.join(t("clusters.comma")) })}</p>
      <div className="clusters-fields">
        <Button
          icon={<ReloadOutlined />}
          disabled={going}
          onClick={() => refresh.mutate(one.id, { onError })}
        >
          {t("clusters.refresh")}
        </Button>
        {one.found && !one.tag && (
          <Button
            icon={<TagOutlined />}
            loading={tag.isPending}
            disabled={going}
            onClick={() => tag.mutate(one.id, { onError })}
          >
            {t("clusters.tag")}
          </Button>
        )}
        <Button icon={<EditOutlined />} disabled={going} onClick={edit}>
          {t("clusters.change")}
        </Button>
        <Popconfirm
          title={t("clusters.delete_sure", { name: one.name })}
          onConfirm={() => remove.mutate(one.id, { onSuccess: gone, onError })}
        >
          <Button icon={<DeleteOutlined />} danger>
            {t("clusters.delete")}
          </Button>
        </Popconfirm>
        {one.tag && (
          <span>
            {t("clusters.tag_is")}{" "}
            <Link to={"/tags/$id" as never} params={{ id: one.tag } as never}>
              {one.tag_name}
            </Link>
          </span>
        )}
      </div>
      {(going || one.state === "failed") && (
        <Job
          work={one}
          label={t("clusters.finding")}
          stop={() => cancel.mutate(one.id, { onError })}
        />
      )}
      {one.found ? (
        <Groups one={one} found={one.found} />
      ) : (
        one.state === "cancelled" && <p>{t("clusters.no_groups")}</p>
      )}
    </section>
  );
}
