import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, InputNumber, Popconfirm, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useFormat } from "../shell/format";
import { Sheet } from "../shell/Sheet";
import { Answer, Empty, Failure } from "../shell/Told";
import { useAttempt } from "./attempt";
import { ROLES } from "./Members";
import { Once } from "./Once";

type Token = components["schemas"]["Token"];
type New = components["schemas"]["NewToken"];

const TOKENS = ["tokens"];

/** Programs that may read or change what: made, shown once, taken back. */
export function Tokens() {
  const { t } = useTranslation();
  const [made, setMade] = useState<components["schemas"]["CreatedToken"]>();
  const { attempt, busy, error } = useAttempt(TOKENS);
  const [form] = Form.useForm<New>();
  const tokens = useQuery({ queryKey: TOKENS, queryFn: () => told(api.GET("/api/tokens")) });
  const create = async (body: New) => {
    const done = await attempt(async () =>
      setMade(await told(api.POST("/api/tokens", { body: { ...body, name: body.name.trim() } }))),
    );
    if (done) form.resetFields();
  };
  const revoke = (name: string) =>
    attempt(() => told(api.DELETE("/api/tokens/{name}", { params: { path: { name } } })));
  return (
    <>
      {made && (
        <Once
          title={t("settings.tokens.made", { name: made.name })}
          text={made.token}
          close={() => setMade(undefined)}
        />
      )}
      {error !== undefined && <Failure error={error} />}
      <section className="panel" aria-labelledby="settings-tokens">
        <h2 id="settings-tokens">{t("settings.parts.tokens")}</h2>
        <Answer of={tokens}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t("settings.tokens.none")} next={t("settings.tokens.none_next")} />
            ) : (
              <List items={items} revoke={revoke} />
            )
          }
        </Answer>
      </section>
      <section className="panel" aria-labelledby="settings-new-token">
        <h2 id="settings-new-token">{t("settings.tokens.add")}</h2>
        <Form
          form={form}
          layout="vertical"
          className="settings-form"
          requiredMark={false}
          initialValues={{ role: "viewer", days: 90 }}
          onFinish={create}
        >
          <Form.Item
            name="name"
            label={t("settings.tokens.name")}
            rules={[{ required: true, message: t("settings.name_needed") }]}
          >
            <Input maxLength={64} autoComplete="off" />
          </Form.Item>
          <Form.Item name="role" label={t("settings.members.role")}>
            <Select
              options={ROLES.map((value) => ({ value, label: t(`settings.roles.${value}`) }))}
            />
          </Form.Item>
          <Form.Item
            name="days"
            label={t("settings.tokens.days")}
            extra={t("settings.tokens.days_about")}
          >
            <InputNumber min={1} max={36_500} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={busy}>
            {t("settings.tokens.create")}
          </Button>
        </Form>
      </section>
    </>
  );
}

function List({ items, revoke }: { items: Token[]; revoke: (name: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const when = (at?: string | null) => (at ? format.moment(at) : t("settings.never"));
  return (
    <Sheet<Token>
      label={t("settings.parts.tokens")}
      rowKey={({ name }) => name}
      rows={items}
      columns={[
        { title: t("settings.tokens.name"), key: "name", head: true, show: ({ name }) => name },
        {
          title: t("settings.members.role"),
          key: "role",
          show: ({ role }) => t(`shell.roles.${role}`),
        },
        {
          title: t("settings.tokens.prefix"),
          key: "prefix",
          show: ({ prefix }) => <code>{prefix}…</code>,
        },
        {
          title: t("settings.tokens.created"),
          key: "created_at",
          show: ({ created_at }) => when(created_at),
        },
        {
          title: t("settings.tokens.used"),
          key: "last_used_at",
          show: ({ last_used_at }) => when(last_used_at),
        },
        {
          title: t("settings.tokens.expires"),
          key: "expires_at",
          show: ({ expires_at }) => when(expires_at),
        },
        {
          title: t("settings.do"),
          key: "do",
          show: ({ name }) => (
            <Popconfirm
              title={t("settings.tokens.revoke_sure", { name })}
              onConfirm={() => revoke(name)}
            >
              <Button size="small" danger>
                {t("settings.tokens.revoke")}
              </Button>
            </Popconfirm>
          ),
        },
      ]}
    />
  );
}
