import { DeleteOutlined, EditOutlined, PlusOutlined, QrcodeOutlined } from "@ant-design/icons";
import { App, Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { useDelete, useSave } from "../named/asked";
import { CopyText } from "../shell/CopyText";
import { useFormat } from "../shell/format";
import { type Cell, Sheet } from "../shell/Sheet";
import { Some } from "../shell/Told";
import { useUndo } from "../shell/undo";
import { picture, type ShortLink, useLinks } from "./asked";
import { Form } from "./Form";
import "./links.css";

/** Short links: a list, each with its QR code and how often it was followed. */
export default function Links() {
  const { t } = useTranslation();
  const found = useLinks();
  const [changed, change] = useState<ShortLink | "new">();
  const [shown, show] = useState<ShortLink>();
  const columns = useColumns(change, show);
  return (
    <>
      <div className="title">
        <h1>{t("links.title")}</h1>
        <div className="actions">
          <Button type="primary" icon={<PlusOutlined />} onClick={() => change("new")}>
            {t("links.new")}
          </Button>
        </div>
        <p>{t("links.about")}</p>
      </div>
      <Some of={found} none={t("links.none")} next={t("links.none_next")}>
        {(items) => (
          <section className="panel" aria-label={t("links.title")}>
            <Sheet
              label={t("links.title")}
              columns={columns}
              rows={items}
              rowKey={({ id }) => id}
            />
          </section>
        )}
      </Some>
      <Modal
        open={changed !== undefined}
        title={t(changed === "new" ? "links.new" : "links.change")}
        footer={null}
        destroyOnHidden
        onCancel={() => change(undefined)}
      >
        {changed && (
          <Form kept={changed === "new" ? undefined : changed} done={() => change(undefined)} />
        )}
      </Modal>
      <Modal
        open={shown !== undefined}
        title={shown?.name}
        footer={null}
        onCancel={() => show(undefined)}
      >
        {shown && <Code of={shown} />}
      </Modal>
    </>
  );
}

function Code({ of: link }: { of: ShortLink }) {
  const { t } = useTranslation();
  return (
    <div className="links-qr">
      <img src={picture(link, "svg")} alt={t("links.qr_of", { name: link.name })} />
      <code>{link.address}</code>
      <div className="links-acts">
        {(["svg", "png"] as const).map((form) => (
          <Button key={form} href={picture(link, form)} download={`${link.code}.${form}`}>
            {t(`links.save_${form}`)}
          </Button>
        ))}
        <CopyText text={link.address} />
      </div>
      <p className="soft">{t("links.qr_about")}</p>
      <p className="soft">
        {t("links.arrives")} <code>{link.landing}</code>
      </p>
    </div>
  );
}

function useColumns(
  change: (link: ShortLink) => void,
  show: (link: ShortLink) => void,
): Cell<ShortLink>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const forget = useForget();
  return [
    { key: "name", title: t("links.name"), head: true, show: (one) => one.name },
    {
      key: "target",
      title: t("links.target"),
      show: (one) => <div className="links-target">{one.target}</div>,
    },
    { key: "channel", title: t("links.channel"), show: (one) => one.channel || "\u2013" },
    { key: "staff", title: t("links.staff"), show: (one) => one.staff || "\u2013" },
    {
      key: "address",
      title: t("links.address"),
      show: (one) => (
        <span className="links-address">
          <code>/l/{one.code}</code>
          <CopyText text={one.address} />
        </span>
      ),
    },
    {
      key: "opened",
      title: t("links.opened"),
      number: true,
      show: (one) => format.count(one.opened),
    },
    {
      key: "last",
      title: t("links.last"),
      show: (one) => (one.last_opened_at ? format.moment(one.last_opened_at) : t("links.never")),
    },
    {
      key: "acts",
      title: "",
      show: (one) => (
        <span className="links-acts">
          <Button
            size="small"
            icon={<QrcodeOutlined />}
            aria-label={t("links.qr_of", { name: one.name })}
            onClick={() => show(one)}
          />
          <Button
            size="small"
            icon={<EditOutlined />}
            aria-label={t("links.change_of", { name: one.name })}
            onClick={() => change(one)}
          />
          <Button
            size="small"
            icon={<DeleteOutlined />}
            aria-label={t("links.delete_of", { name: one.name })}
            onClick={() => forget(one)}
          />
        </span>
      ),
    },
  ];
}

/** Forgets a link, with the way back: the same address under another id. */
function useForget() {
  const { t } = useTranslation();
  const forget = useDelete("links");
  const save = useSave("links");
  const undo = useUndo();
  const { notification } = App.useApp();
  return (one: ShortLink) =>
    forget.mutate(one.id, {
      onSuccess: () => {
        const { name, description, target, code, channel, staff } = one;
        const said = { name, description, target, code, channel, staff };
        undo(t("links.deleted", { name }), () => save.mutateAsync({ id: "", said }));
      },
      onError: (error) =>
        notification.error({
          title: t("named.not_deleted"),
          description: error instanceof Problem ? error.detail : undefined,
        }),
    });
}
