import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useView } from "../shell/page";
import { Alone } from "./Alone";
import { useEntering } from "./entering";
import { NewPassword } from "./NewPassword";
import { welcome } from "./page";
import { Refusal } from "./Refusal";

interface Entry {
  name?: string;
  password: string;
  code?: string;
}

export default function Welcome() {
  const { t } = useTranslation();
  const [{ link }] = useView(welcome);
  const invited = useQuery({
    queryKey: ["invitation", link],
    queryFn: () => told(api.POST("/api/session/invitation", { body: { link } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Alone title={t("signin.welcome")}>
      {invited.error && <Refusal error={invited.error} />}
      {invited.isPending && <Spin />}
      {invited.data && <FirstPassword link={link} invited={invited.data} />}
    </Alone>
  );
}

function FirstPassword({
  link,
  invited,
}: {
  link: string;
  invited: components["schemas"]["Invited"];
}) {
  const { t } = useTranslation();
  const enter = useEntering();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async ({ name = "", password, code = "" }: Entry) => {
    setBusy(true);
    try {
      const body = { link, name, password, code };
      await enter(await told(api.POST("/api/session/welcome", { body })), "/");
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p>{t("signin.welcome_about", { role: t(`shell.roles.${invited.role}`) })}</p>
      <Form<Entry>
        layout="vertical"
        onFinish={submit}
        requiredMark={false}
        initialValues={{ name: invited.name }}
      >
        <Form.Item
          name="name"
          label={t("signin.name")}
          extra={invited.first && t("signin.own_name_about")}
        >
          <Input autoComplete="username" readOnly={!invited.first} autoFocus={invited.first} />
        </Form.Item>
        <NewPassword />
        {invited.second_factor && (
          <Form.Item name="code" label={t("signin.code")} extra={t("signin.code_where")}>
            <Input autoComplete="one-time-code" inputMode="numeric" />
          </Form.Item>
        )}
        <Refusal error={error} />
        <Button type="primary" htmlType="submit" block loading={busy}>
          {t("signin.begin")}
        </Button>
      </Form>
    </>
  );
}
