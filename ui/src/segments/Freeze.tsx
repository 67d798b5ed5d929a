import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { anew } from "../named/asked";
import { CalledFields } from "../named/Called";
import { useFormat } from "../shell/format";
import { Failure } from "../shell/Told";
import type { Segment } from "./kept";

/** Keeps who is in a segment now as a list, which stays as it is. */
export function Freeze({ segment, close }: { segment: Segment; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { id } = segment;
  const [called, call] = useState(() => ({
    name: t("segments.frozen_name", { name: segment.name, day: format.day(Date.now()) }),
    description: "",
  }));
  const freeze = useMutation({
    mutationFn: () =>
      told(api.POST("/api/segments/{id}/snapshot", { params: { path: { id } }, body: called })),
    onSuccess: async (list) => {
      close();
      await anew(client);
      await navigate({ to: "/segments/$id", params: { id: list.id } } as never);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (called.name.trim() !== "" && !freeze.isPending) freeze.mutate();
  };
  return (
    <section className="panel" aria-label={t("segments.freeze")}>
      <p className="soft">{t("segments.freeze_how")}</p>
      <form className="named-form" onSubmit={submit}>
        <CalledFields
          called={called}
          labels={{ name: t("named.name"), description: t("named.description") }}
          most={1_000}
          change={call}
        />
        {freeze.error && <Failure error={freeze.error} />}
        <div className="named-bar">
          <Button
            type="primary"
            htmlType="submit"
            disabled={called.name.trim() === ""}
            loading={freeze.isPending}
          >
            {t("segments.freeze")}
          </Button>
          <Button onClick={close}>{t("named.cancel")}</Button>
        </div>
      </form>
    </section>
  );
}
