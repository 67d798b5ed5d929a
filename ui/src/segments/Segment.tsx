import { EditOutlined, IdcardOutlined } from "@ant-design/icons";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Delete } from "../named/Delete";
import { Found } from "../named/Found";
import { Naming } from "../named/Naming";
import { UsedBy } from "../named/UsedBy";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { Parts } from "../shell/Parts";
import { oneOf, useView, written } from "../shell/page";
import { Compare } from "./Compare";
import { Freeze } from "./Freeze";
import { type Segment as Kept, useSegment } from "./kept";
import { Members } from "./Members";
import { Past } from "./Past";
import { build, PARTS, one as page } from "./page";
import { Size } from "./Segments";
import "./segments.css";

export default function Segment() {
  const { t } = useTranslation();
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const found = useSegment(id);
  return (
    <Found of={found} absent={t("segments.absent")} all={["/segments", t("segments.back")]}>
      {(one) => <Shown one={one} />}
    </Found>
  );
}

function Shown({ one }: { one: Kept }) {
  const { t } = useTranslation();
  const [naming, name] = useState(false);
  const [freezing, freeze] = useState(false);
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
        <Actions one={one} rename={() => name(true)} freeze={() => freeze(true)} />
        <p>
          <Link to={"/segments" as never} activeOptions={{ exact: true }}>
            {t("segments.back")}
          </Link>
        </p>
      </div>
      {naming && (
        <section className="panel" aria-label={t("segments.rename")}>
          <Naming
            kind="segments"
            kept={one}
            said={{ rule: one.rule }}
            done={() => name(false)}
            cancel={() => name(false)}
          />
        </section>
      )}
      {freezing && <Freeze segment={one} close={() => freeze(false)} />}
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

interface Offered {
  one: Kept;
  rename: () => void;
  freeze: () => void;
}

function Actions({ one, rename, freeze }: Offered) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <div className="actions">
      <Link to={"/segments/$id/portrait" as never} params={{ id: one.id } as never}>
        <Button icon={<IdcardOutlined />} tabIndex={-1}>
          {t("portrait.title")}
        </Button>
      </Link>
      {one.kind === "dynamic" && (
        <Link to={build.path as never} search={{ id: one.id } as never}>
          <Button icon={<EditOutlined />} tabIndex={-1}>
            {t("segments.edit")}
          </Button>
        </Link>
      )}
      {one.kind === "dynamic" && (
        <Button disabled={one.state !== "current"} onClick={freeze}>
          {t("segments.freeze")}
        </Button>
      )}
      <Button onClick={rename}>{t("segments.rename")}</Button>
      <Delete kind="segments" one={one} gone={() => void navigate({ to: "/segments" as never })} />
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
          <UsedBy users={one.used_by} />
        </dd>
      </dl>
    </section>
  );
}
