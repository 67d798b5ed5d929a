import { PlusOutlined } from "@ant-design/icons";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Naming } from "../named/Naming";
import { useFormat } from "../shell/format";
import { Sheet } from "../shell/Sheet";
import { Some } from "../shell/Told";
import { type Board, useDashboards } from "./asked";
import { useEvery } from "./Every";
import "./boards.css";

/** All dashboards, and how one is made. */
export default function Dashboards() {
  const { t } = useTranslation();
  const format = useFormat();
  const every = useEvery();
  const navigate = useNavigate();
  const found = useDashboards();
  const [making, make] = useState(false);
  const opened = ({ id }: Board) =>
    void navigate({ to: "/dashboards/$id" as never, params: { id } as never });
  const columns = [
    {
      key: "name",
      title: t("boards.dashboard"),
      head: true,
      show: ({ id, name, description }: Board) => (
        <>
          <Link to={"/dashboards/$id" as never} params={{ id } as never}>
            {name}
          </Link>
          {description && <p className="boards-note soft">{description}</p>}
        </>
      ),
    },
    {
      key: "cards",
      title: t("boards.cards"),
      number: true,
      show: ({ cards }: Board) => format.count(cards.length),
    },
    { key: "every", title: t("boards.refreshed"), show: ({ minutes }: Board) => every(minutes) },
    {
      key: "updated",
      title: t("boards.changed"),
      show: (one: Board) =>
        t("boards.by_at", { by: one.updated_by, at: format.moment(one.updated_at) }),
    },
  ];
  return (
    <>
      <div className="title">
        <h1>{t("boards.title")}</h1>
        <div className="actions">
          <Button type="primary" icon={<PlusOutlined />} onClick={() => make(true)}>
            {t("boards.new")}
          </Button>
        </div>
        <p>{t("boards.about")}</p>
      </div>
      {making && (
        <section className="panel" aria-label={t("boards.new")}>
          <Naming
            kind="dashboards"
            said={{ cards: [], minutes: 0 }}
            done={opened}
            cancel={() => make(false)}
          />
        </section>
      )}
      <Some of={found} none={t("boards.no_boards")} next={t("boards.no_boards_next")}>
        {(items) => (
          <section className="panel">
            <Sheet
              label={t("boards.title")}
              columns={columns}
              rows={items}
              rowKey={({ id }) => id}
            />
          </section>
        )}
      </Some>
    </>
  );
}
