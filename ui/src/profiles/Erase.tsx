import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Alert, App, Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useFormat } from "../shell/format";
import { useMay } from "../shell/session";
import { Answer, Failure } from "../shell/Told";

/** Takes a person out of everything: first what would go, then the confirmation. */
export function Erase({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay("admin");
  const [open, setOpen] = useState(false);
  if (!may) return null;
  return (
    <>
      <Button danger onClick={() => setOpen(true)}>
        {t("profiles.erase")}
      </Button>
      {open && <Confirmation id={id} close={() => setOpen(false)} />}
    </>
  );
}

function Confirmation({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { notification } = App.useApp();
  const navigate = useNavigate();
  const client = useQueryClient();
  const plan = useMutation({
    mutationFn: () => told(api.POST("/api/erasures/plan", { body: { key: id } })),
  });
  const { mutate, isIdle } = plan;
  if (isIdle) mutate();
  const erase = useMutation({
    mutationFn: (confirm: string) =>
      told(api.POST("/api/erasures", { body: { key: id, confirm } })),
    onSuccess: async () => {
      close();
      notification.success({ title: t("profiles.erased") });
      await navigate({ to: "/profiles" as never });
      client.removeQueries({ queryKey: ["profile", id] });
      await client.invalidateQueries({ queryKey: ["profiles"] });
    },
  });
  const names = (all: { kind: string; value: string }[]) =>
    all.map((one) => <code key={`${one.kind}:${one.value}`}>{`${one.kind}:${one.value} `}</code>);
  return (
    <Modal
      open
      onCancel={close}
      title={t("profiles.erase_title")}
      okText={t("profiles.erase_now")}
      okButtonProps={{ danger: true, disabled: !plan.data, loading: erase.isPending }}
      onOk={() => plan.data && erase.mutate(plan.data.confirm)}
    >
      <Answer of={{ data: plan.data, error: plan.error, refetch: mutate }}>
        {(data) => (
          <>
            <p>{t("profiles.erase_events", { events: format.count(data.events) })}</p>
            <p>
              {t("profiles.erase_goes")} {names(data.identifiers)}
            </p>
            {data.stays.length > 0 && (
              <p>
                {t("profiles.erase_stays")} {names(data.stays)}
              </p>
            )}
            <Alert type="warning" showIcon title={t("profiles.erase_final")} />
          </>
        )}
      </Answer>
      {erase.error && <Failure error={erase.error} />}
    </Modal>
  );
}
