import { DeleteOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { UsedBy } from "../named/UsedBy";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { Sheet } from "../shell/Sheet";
import { Answer, Empty } from "../shell/Told";
import { type Report, useForget, useReports } from "./asked";
import "./boards.css";

/** The reports that are saved, each a way to its answer. `titled` tells what an analysis is
 * called. */
export function Reports({ titled }: { titled: (analysis: string) => string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = useReports();
  const forget = useForget("reports");
  const columns = [
    {
      key: "name",
      title: t("boards.report"),
      head: true,
      show: (one: Report) => <Called of={one} />,
    },
    { key: "analysis", title: t("boards.analysis"), show: (one: Report) => titled(one.analysis) },
    {
      key: "used",
      title: t("boards.shown_on"),
      show: ({ used_by }: Report) => <UsedBy users={used_by} />,
    },
    {
      key: "updated",
      title: t("boards.changed"),
      show: (one: Report) =>
        t("boards.by_at", { by: one.updated_by, at: format.moment(one.updated_at) }),
    },
    {
      key: "delete",
      title: "",
      show: (one: Report) => {
        const used = one.used_by.length > 0;
        return (
          <Button
            size="small"
            type="text"
            icon={<DeleteOutlined />}
            disabled={used}
            title={used ? t("boards.delete_used") : undefined}
            aria-label={t("boards.delete_of", { name: one.name })}
            onClick={() => forget(one, one)}
          />
        );
      },
    },
  ];
  return (
    <section className="panel" aria-labelledby="boards-reports">
      <h2 id="boards-reports">{t("boards.reports")}</h2>
      <Answer of={found}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t("boards.no_reports")} next={t("boards.no_reports_next")} />
          ) : (
            <Sheet
              label={t("boards.reports")}
              columns={columns}
              rows={items}
              rowKey={({ id }) => id}
            />
          )
        }
      </Answer>
    </section>
  );
}

function Called({ of: one }: { of: Report }) {
  const { t } = useTranslation();
  return (
    <>
      <Link
        to={"/analytics/$name" as never}
        params={{ name: one.analysis } as never}
        search={{ report: one.id } as never}
      >
        {one.name}
      </Link>
      {one.description && <p className="boards-note soft">{one.description}</p>}
      {one.faults.length > 0 && (
        <p className="boards-note boards-bad">
          {t("boards.broken")}{" "}
          {one.faults.map(({ where, detail }) => (
            <Said key={where} text={detail} />
          ))}
        </p>
      )}
    </>
  );
}
