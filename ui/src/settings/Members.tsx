import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Popconfirm, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useSpoken } from "../i18n";
import { useFormat } from "../shell/format";
import type { Role } from "../shell/page";
import { Sheet } from "../shell/Sheet";
import { useSession } from "../shell/session";
import { Answer, Failure } from "../shell/Told";
import { useAttempt } from "./attempt";
import { Once } from "./Once";

type Member = components["schemas"]["Member"];
type Change = components["schemas"]["MemberChange"];
type Link = components["schemas"]["OneTimeLink"];

const MEMBERS = ["members"];
export const ROLES: Role[] = ["viewer", "operator", "analyst", "admin"];

/** Who may sign in, as what; at least one administrator remains. */
export function Members() {
  const { t } = useTranslation();
  const format = useFormat();
  const { attempt, busy, error } = useAttempt(MEMBERS);
  const [link, setLink] = useState<{ name: string } & Link>();
  const members = useQuery({
    queryKey: MEMBERS,
    queryFn: () => told(api.GET("/api/users")),
  });
  const create = (body: components["schemas"]["NewMember"]) =>
    attempt(async () => setLink(await told(api.POST("/api/users", { body }))));
  return (
    <>
      {link && (
        <Once
          title={t("settings.members.link_for", {
            name: link.name,
            until: format.moment(link.until),
          })}
          text={location.origin + link.path}
          close={() => setLink(undefined)}
        />
      )}
      {error !== undefined && <Failure error={error} />}
      <section className="panel" aria-labelledby="settings-members">
        <h2 id="settings-members">{t("settings.parts.members")}</h2>
        <Answer of={members}>
          {({ items }) => <List items={items} attempt={attempt} linked={setLink} />}
        </Answer>
      </section>
      <NewMember create={create} busy={busy} />
    </>
  );
}

interface Listed {
  items: Member[];
  attempt: (work: () => Promise<unknown>) => Promise<boolean>;
  linked: (link: { name: string } & Link) => void;
}

function List({ items, attempt, linked }: Listed) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: own } = useSession();
  const admins = items.filter((one) => one.role === "admin" && one.active && !one.invited);
  const last = (one: Member) => admins.length === 1 && admins[0]?.name === one.name;
  const path = (name: string) => ({ params: { path: { name } } });
  const change = (name: string, body: Change) =>
    attempt(() => told(api.PATCH("/api/users/{name}", { ...path(name), body })));
  const again = (name: string) =>
    attempt(async () =>
      linked({ name, ...(await told(api.POST("/api/users/{name}/link", path(name)))) }),
    );
  const remove = (name: string) => attempt(() => told(api.DELETE("/api/users/{name}", path(name))));
  const state = (one: Member) => {
    if (!one.active) return t("settings.members.off");
    if (!one.invited) return t("settings.members.on");
    return t(one.link_until ? "settings.members.invited" : "settings.members.expired");
  };
  return (
    <Sheet<Member>
      label={t("settings.parts.members")}
      rowKey={({ name }) => name}
      rows={items}
      columns={[
        {
          title: t("settings.members.name"),
          key: "name",
          head: true,
          show: ({ name }) =>
            name === own?.name ? `${name} (${t("settings.members.you")})` : name,
        },
        {
          title: t("settings.members.role"),
          key: "role",
          show: (one) => (
            <Select<Role>
              size="small"
              value={one.role}
              disabled={last(one)}
              aria-label={t("settings.members.role_of", { name: one.name })}
              options={ROLES.map((value) => ({ value, label: t(`shell.roles.${value}`) }))}
              onChange={(chosen) => change(one.name, { role: chosen })}
            />
          ),
        },
        { title: t("settings.members.state"), key: "state", show: (one) => state(one) },
        {
          title: t("settings.members.second"),
          key: "second_factor",
          show: ({ second_factor: on }) => t(on ? "settings.yes" : "settings.no"),
        },
        {
          title: t("settings.members.signed_in"),
          key: "signed_in_at",
          show: ({ signed_in_at: at }) => (at ? format.moment(at) : t("settings.never")),
        },
        {
          title: t("settings.do"),
          key: "do",
          show: (one) => (
            <span className="settings-actions">
              <Button size="small" onClick={() => again(one.name)}>
                {t("settings.members.link")}
              </Button>
              {one.second_factor && (
                <Popconfirm
                  title={t("settings.members.second_sure", { name: one.name })}
                  onConfirm={() => change(one.name, { second_factor: false })}
                >
                  <Button size="small">{t("settings.members.second_off")}</Button>
                </Popconfirm>
              )}
              <Button
                size="small"
                disabled={last(one)}
                onClick={() => change(one.name, { active: !one.active })}
              >
                {t(one.active ? "settings.members.shut" : "settings.members.open")}
              </Button>
              <Popconfirm
                title={t("settings.members.remove_sure", { name: one.name })}
                onConfirm={() => remove(one.name)}
                disabled={last(one)}
              >
                <Button size="small" danger disabled={last(one)}>
                  {t("settings.members.remove")}
                </Button>
              </Popconfirm>
            </span>
          ),
        },
      ]}
    />
  );
}

interface New {
  create: (body: components["schemas"]["NewMember"]) => Promise<boolean>;
  busy: boolean;
}

function NewMember({ create, busy }: New) {
  const { t } = useTranslation();
  const language = useSpoken();
  const [form] = Form.useForm<{ name: string; role: Role }>();
  const done = async ({ name, role }: { name: string; role: Role }) => {
    if (await create({ name: name.trim(), role, language })) form.resetFields();
  };
  return (
    <section className="panel" aria-labelledby="settings-invite">
      <h2 id="settings-invite">{t("settings.members.add")}</h2>
      <p className="soft">{t("settings.members.add_about")}</p>
      <Form
        form={form}
        layout="vertical"
        className="settings-form"
        requiredMark={false}
        initialValues={{ role: "viewer" }}
        onFinish={done}
      >
        <Form.Item
          name="name"
          label={t("settings.members.name")}
          rules={[
            { required: true, message: t("settings.name_needed") },
            {
              pattern: /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u,
              message: t("settings.name_rule"),
            },
          ]}
        >
          <Input maxLength={64} autoComplete="off" />
        </Form.Item>
        <Form.Item name="role" label={t("settings.members.role")}>
          <Select
            options={ROLES.map((value) => ({ value, label: t(`settings.roles.${value}`) }))}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={busy}>
          {t("settings.members.create")}
        </Button>
      </Form>
    </section>
  );
}
