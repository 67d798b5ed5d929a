import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Popconfirm } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useFormat } from "../shell/format";
import { Rows } from "../shell/Rows";
import { useRenewed, useSession } from "../shell/session";
import { Answer } from "../shell/Told";
import { CurrentPassword } from "../signin/CurrentPassword";
import { NewPassword } from "../signin/NewPassword";
import { Refusal } from "../signin/Refusal";
import { SecondFactor } from "./SecondFactor";

const OTHERS = ["session", "others"];

export default function Account() {
  const { t } = useTranslation();
  const { data } = useSession();
  if (!data) return null;
  return (
    <>
      <div className="title">
        <h1>{t("account.title")}</h1>
        <p>
          {data.name} · {t(`shell.roles.${data.role}`)}
        </p>
      </div>
      <div className="panels">
        <Password />
        <SecondFactor on={data.second_factor} codesLeft={data.recovery_codes} />
      </div>
      <Elsewhere />
    </>
  );
}

function Password() {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const [form] = Form.useForm<{ old: string; password: string }>();
  const [error, setError] = useState<unknown>();
  const renewed = useRenewed();
  const client = useQueryClient();
  const change = async ({ old, password }: { old: string; password: string }) => {
    try {
      renewed(await told(api.PUT("/api/session/password", { body: { old, new: password } })));
      await client.invalidateQueries({ queryKey: OTHERS });
      setError(undefined);
      form.resetFields();
      notification.success({ title: t("account.password_changed") });
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <section className="panel">
      <h2>{t("account.password")}</h2>
      <Form form={form} layout="vertical" onFinish={change} requiredMark={false}>
        <CurrentPassword name="old" label={t("account.old")} />
        <NewPassword />
        <Refusal error={error} />
        <Button type="primary" htmlType="submit">
          {t("account.change")}
        </Button>
      </Form>
    </section>
  );
}

function Elsewhere() {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const others = useQuery({
    queryKey: OTHERS,
    queryFn: () => told(api.GET("/api/session/others")),
  });
  const end = async () => {
    await told(api.DELETE("/api/session/others"));
    await client.invalidateQueries({ queryKey: OTHERS });
  };
  const when = (moment: string) => format.moment(moment);
  return (
    <section className="panel">
      <h2>{t("account.elsewhere")}</h2>
      <Answer of={others}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{t("account.nowhere_else")}</p>
          ) : (
            <>
              <Rows
                label={t("account.elsewhere")}
                rows={items}
                rowKey={(one) => String(one.id)}
                height="400px"
                columns={[
                  { key: "agent", title: t("account.agent"), show: (one) => one.agent },
                  { key: "since", title: t("account.since"), show: (one) => when(one.created_at) },
                  { key: "used", title: t("account.used"), show: (one) => when(one.last_used_at) },
                ]}
              />
              <p>
                <Popconfirm title={t("account.end_sure")} onConfirm={end}>
                  <Button danger>{t("account.end")}</Button>
                </Popconfirm>
              </p>
            </>
          )
        }
      </Answer>
    </section>
  );
}
