import { EditOutlined } from "@ant-design/icons";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { Delete } from "../named/Delete";
import { Found } from "../named/Found";
import { UsedBy } from "../named/UsedBy";
import { Said } from "../refusals/Said";
import { csv, ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { type Cell, Sheet } from "../shell/Sheet";
import { type Tag as Kept, useTag } from "./asked";
import { ByHand } from "./ByHand";
import { Members } from "./Members";
import { edit } from "./page";
import { Size } from "./Tags";
import "./tags.css";

export default function Tag() {
  const { t } = useTranslation();
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const found = useTag(id);
  return (
    <Found of={found} absent={t("tags.absent")} all={["/tags", t("tags.back")]}>
      {(one) => <Shown one={one} />}
    </Found>
  );
}

function Shown({ one }: { one: Kept }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="title">
        <h1>{one.name}</h1>
        <Actions one={one} />
        <p>
          <Link to={"/tags" as never} activeOptions={{ exact: true }}>
            {t("tags.back")}
          </Link>
        </p>
      </div>
      <About one={one} />
      <Values one={one} />
      {one.kind === "hand" && <ByHand key={one.id} tag={one} />}
      <Members tag={one} />
    </>
  );
}

function Actions({ one }: { one: Kept }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <div className="actions">
      <Link to={edit.path as never} search={{ id: one.id } as never}>
        <Button icon={<EditOutlined />} tabIndex={-1}>
          {t("tags.edit")}
        </Button>
      </Link>
      <Delete kind="tags" one={one} gone={() => void navigate({ to: "/tags" as never })} />
    </div>
  );
}

/** What it means, who answers for it, how many have it and as of when, what names it. */
function About({ one }: { one: Kept }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="panel tags-about" aria-label={t("tags.meaning")}>
      {one.problem && <Alert type="error" showIcon title={<Said text={one.problem} />} />}
      {one.description && <p>{one.description}</p>}
      <dl className="facts">
        <dt>{t("tags.coverage")}</dt>
        <dd>
          <b>
            <Size tag={one} />
          </b>
        </dd>
        <dt>{t("tags.as_of")}</dt>
        <dd>{one.as_of ? format.moment(one.as_of) : "\u2013"}</dd>
        {one.kind === "hand" && (
          <>
            <dt>{t("tags.last_set")}</dt>
            <dd>{one.last_set_at ? format.moment(one.last_set_at) : t("tags.never")}</dd>
          </>
        )}
        <dt>{t("tags.set_by")}</dt>
        <dd>{t(`tags.kind.${one.kind}`)}</dd>
        <dt>{t("tags.owner")}</dt>
        <dd>{one.owner}</dd>
        <dt>{t("tags.updated")}</dt>
        <dd>
          {t("tags.version", {
            version: one.version,
            at: format.moment(one.updated_at),
            by: one.updated_by,
          })}
        </dd>
        <dt>{t("tags.used_by")}</dt>
        <dd>
          <UsedBy users={one.used_by} />
        </dd>
      </dl>
    </section>
  );
}

type Value = Kept["values"][number];

/** How many have which value, and by which rule. */
function Values({ one }: { one: Kept }) {
  const { t } = useTranslation();
  const format = useFormat();
  const most = Math.max(1, ...one.values.map(({ count }) => count ?? 0));
  const named = (value: string) => value || t("tags.yes");
  const rule: Cell<Value>[] = [
    {
      key: "rule",
      title: t("tags.rule"),
      show: ({ sentence }) => <span className="tags-rule">{sentence}</span>,
    },
  ];
  const cells: Cell<Value>[] = [
    {
      key: "value",
      title: t("tags.value"),
      head: true,
      show: ({ value }) => <span className="tags-chip">{named(value)}</span>,
    },
    {
      key: "count",
      title: t("tags.people"),
      number: true,
      show: ({ count }) => (typeof count === "number" ? format.count(count) : "\u2013"),
    },
    {
      key: "share",
      title: t("tags.share"),
      show: ({ count }) =>
        typeof count === "number" && one.count ? (
          <span className="tags-share">
            <span style={{ width: `${(120 * count) / most}px` }} />
            {format.percent(count / one.count)}
          </span>
        ) : (
          "\u2013"
        ),
    },
    ...(one.kind === "rule" ? rule : []),
  ];
  const file = () =>
    csv(
      ["value", "count", "sentence"],
      one.values.map(({ value, count, sentence }) => [value, count ?? null, sentence]),
    );
  return (
    <section className="panel" aria-labelledby="tags-values">
      <div className="tags-bar">
        <h2 id="tags-values">{t("tags.distribution")}</h2>
        {one.kind === "rule" && one.values.length > 1 && (
          <span className="soft">{t("tags.first_counts")}</span>
        )}
        <ExportButton files={[{ label: "CSV", name: `${one.name}.csv`, from: file }]} />
      </div>
      <Sheet
        label={t("tags.distribution")}
        columns={cells}
        rows={one.values}
        rowKey={({ value }) => `value ${value}`}
      />
    </section>
  );
}
