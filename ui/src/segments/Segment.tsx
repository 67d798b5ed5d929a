import { DeleteOutlined, EditOutlined } from "@ant-design/icons";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Alert, App, Button, Popconfirm } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { Parts } from "../shell/Parts";
import { oneOf, useView, written } from "../shell/page";
import { Answer, Empty } from "../shell/Told";
import { Compare } from "./Compare";
import { type Segment as Kept, useDelete, useSegment } from "./kept";
import { Members } from "./Members";
import { Naming } from "./Naming";
import { Past } from "./Past";
import { build, PARTS, one as page } from "./page";
import { Size } from "./Segments";
import "./segments.css";

export default function Segment() {
  const { t } = useTranslation();
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const found = useSegment(id);
  if (found.error instanceof Problem && found.error.status === 404) {
    return (
      <div className="panel">
        <Empty
          title={t("segments.absent")}
          next={t("segments.absent_next")}
          action={<Link to={"/segments" as never}>{t("segments.back")}</Link>}
        />
      </div>
    );
  }
  return <Answer of={found}>{(one) => <Shown one={one} />}</Answer>;
}

function Shown({ one }: { one: Kept }) {
  const { t } = useTranslation();
  const [naming, name] = useState(false);
  const [view] = useView(page);
  const parts = {
    members: <Members segment={one} />,
    past: <Past segment={one} />,
    compare: <Compare segment={one} />,
  };
  return (
    <>
      <div className="title">
        <h1>{one.name}</h1>
        <Actions one={one} rename={() => name(true)} />
        <p>
          <Link to={"/segments" as never} activeOptions={{ exact: true }}>
            {t("segments.back")}
          </Link>
        </p>
      </div>
      {naming && (
        <section className="panel" aria-label={t("segments.rename")}>
          <Naming kept={one} done={() => name(false)} cancel={() => name(false)} />
        </section>
      )}
      <About one={one} />
      <Parts
        label={one.name}
        now={view.part}
        search={(part) => written(page, { part: oneOf(part, PARTS) })}
        parts={PARTS.map((key) => ({
          key,
          label: t(`segments.part.${key}`),
          content: parts[key],
        }))}
      />
    </>
  );
}

function Actions({ one, rename }: { one: Kept; rename: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const gone = useDelete();
  const { notification } = App.useApp();
  const remove = () =>
    gone.mutate(one.id, {
      onSuccess: () => void navigate({ to: "/segments" as never }),
      onError: (error) =>
        notification.error({
          title: t("segments.not_deleted"),
          description: error instanceof Problem ? <Said text={error.detail} /> : undefined,
        }),
    });
  const used = one.used_by.length > 0;
  return (
    <div className="actions">
      {one.kind === "dynamic" && (
        <Link to={build.path as never} search={{ id: one.id } as never}>
          <Button icon={<EditOutlined />} tabIndex={-1}>
            {t("segments.edit")}
          </Button>
        </Link>
      )}
      <Button onClick={rename}>{t("segments.rename")}</Button>
      <Popconfirm
        title={t("segments.delete_sure", { name: one.name })}
        onConfirm={remove}
        disabled={used}
      >
        <Button
          icon={<DeleteOutlined />}
          disabled={used}
          title={used ? t("segments.delete_used") : undefined}
          loading={gone.isPending}
        >
          {t("segments.delete")}
        </Button>
      </Popconfirm>
    </div>
  );
}

/** What it asks, how many are in it, who saved it, what names it. */
function About({ one }: { one: Kept }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="panel segments-about" aria-label={t("segments.asks")}>
      {one.problem && <Alert type="error" showIcon title={<Said text={one.problem} />} />}
      {one.description && <p>{one.description}</p>}
      <p className="segments-sentence">
        {one.kind === "static" ? t("segments.a_list") : one.sentence}
      </p>
      <dl className="facts">
        <dt>{t("segments.size")}</dt>
        <dd>
          <b>
            <Size segment={one} />
          </b>
          {typeof one.count === "number" && ` ${t("segments.people", { count: one.count })}`}
        </dd>
        <dt>{t("segments.counted_at")}</dt>
        <dd>{format.moment(one.as_of)}</dd>
        <dt>{t("segments.created")}</dt>
        <dd>
          {format.moment(one.created_at)} · {one.created_by}
        </dd>
        <dt>{t("segments.updated")}</dt>
        <dd>
          {format.moment(one.updated_at)} · {one.updated_by}
        </dd>
        <dt>{t("segments.used_by")}</dt>
        <dd>
          {one.used_by.length === 0 && t("segments.nothing")}
          {one.used_by.map(({ id, name }, at) => (
            <span key={id}>
              {at > 0 && t("segments.comma")}
              <Link to={"/segments/$id" as never} params={{ id } as never}>
                {name}
              </Link>
            </span>
          ))}
        </dd>
      </dl>
    </section>
  );
}
