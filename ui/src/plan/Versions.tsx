import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Popconfirm } from "antd";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
import { useMay } from "../shell/session";
import { Answer, Empty } from "../shell/Told";
import { useUndo } from "../shell/undo";
import { Difference } from "./Difference";
import type { Version } from "./Plan";
import page from "./page";

/** Every plan there was: what it would change, and the way back to it. */
export function Versions({ now }: { now: Version }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [{ version }, setView] = useView(page);
  const may = useMay("analyst");
  const restore = useRestore(now);
  const versions = useQuery({
    queryKey: ["plan", "versions"],
    queryFn: () => told(api.GET("/api/plan/versions")),
  });
  const columns: Cell<Version>[] = [
    {
      key: "n",
      title: t("plan.number"),
      head: true,
      show: (row) => t("plan.version", { n: row.version }),
    },
    { key: "at", title: t("plan.at"), show: (row) => (row.at ? format.moment(row.at) : "–") },
    { key: "by", title: t("plan.by"), show: (row) => row.by },
    {
      key: "events",
      title: t("plan.events"),
      number: true,
      show: (row) => format.count(Object.keys(row.events ?? {}).length),
    },
    {
      key: "do",
      title: "",
      show: (row) =>
        row.version === now.version ? (
          <span className="soft">{t("plan.in_force")}</span>
        ) : (
          <span className="plan-actions">
            <Button onClick={() => setView({ version: String(row.version) })}>
              {t("plan.compare")}
            </Button>
            {may && (
              <Popconfirm
                title={t("plan.restore_sure", { n: row.version })}
                okText={t("plan.restore")}
                cancelText={t("plan.cancel")}
                onConfirm={() => restore.mutate(row.version)}
              >
                <Button>{t("plan.restore")}</Button>
              </Popconfirm>
            )}
          </span>
        ),
    },
  ];
  return (
    <Answer of={versions}>
      {({ items }) =>
        items.length > 0 ? (
          <>
            <Sheet
              label={t("plan.parts.versions")}
              columns={columns}
              rows={items}
              rowKey={(row) => String(row.version)}
            />
            {/^\d+$/.test(version) && <Compared version={Number(version)} />}
          </>
        ) : (
          <Empty title={t("plan.no_versions")} next={t("plan.empty_next")} />
        )
      }
    </Answer>
  );
}

function useRestore(now: Version) {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const client = useQueryClient();
  const undo = useUndo();
  const back = async (version: number) => {
    await told(api.POST("/api/plan/versions/{version}/restore", { params: { path: { version } } }));
    await client.invalidateQueries({ queryKey: ["plan"] });
  };
  return useMutation({
    mutationFn: back,
    onSuccess: () => undo(t("plan.restored"), () => back(now.version)),
    onError: (error) =>
      notification.error({
        title: t("plan.not_saved"),
        description: <Said text={error.message} />,
      }),
  });
}

function Compared({ version }: { version: number }) {
  const { t } = useTranslation();
  const difference = useQuery({
    queryKey: ["plan", "difference", version],
    queryFn: () =>
      told(api.GET("/api/plan/versions/{version}/diff", { params: { path: { version } } })),
  });
  return (
    <div className="plan-gap">
      <h2>{t("plan.compared", { n: version })}</h2>
      <Answer of={difference}>{(found) => <Difference of={found} />}</Answer>
    </div>
  );
}
