import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Popconfirm, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../api/client";
import { useFormat } from "../shell/format";
import { useSession } from "../shell/session";
import { Answer, Failure } from "../shell/Told";
import { NewPassword } from "../signin/NewPassword";
import { SecondFactor } from "./SecondFactor";

interface Place {
  id: string;
  created_at?: string;
  last_used_at?: string;
  agent?: string;
  address?: string;
}

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
        <SecondFactor on={data.second_factor} />
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
  const change = async ({ old, password }: { old: string; password: string }) => {
    try {
      await send("PUT", "/api/session/password", { old, new: password });
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
        <Form.Item
          name="old"
          label={t("account.old")}
          rules={[{ required: true, message: t("signin.needed") }]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <NewPassword />
        {error !== undefined && (
          <Form.Item>
            <Failure error={error} />
          </Form.Item>
        )}
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
    queryFn: () => send<{ items: Place[] }>("GET", "/api/session/others"),
  });
  const end = async () => {
    await send("DELETE", "/api/session/others");
    await client.invalidateQueries({ queryKey: OTHERS });
  };
  const when = (moment?: string) => (moment ? format.moment(moment) : "");
  return (
    <section className="panel">
      <h2>{t("account.elsewhere")}</h2>
      <Answer of={others}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{t("account.nowhere_else")}</p>
          ) : (
            <>
              <Table<Place>
                size="small"
                rowKey="id"
                pagination={false}
                scroll={{ x: true }}
                dataSource={items}
                columns={[
                  { title: t("account.agent"), dataIndex: "agent" },
                  { title: t("account.since"), dataIndex: "created_at", render: when },
                  { title: t("account.used"), dataIndex: "last_used_at", render: when },
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
