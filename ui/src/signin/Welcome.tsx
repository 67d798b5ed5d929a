import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../api/client";
import { useView } from "../shell/page";
import type { Session } from "../shell/session";
import { Failure } from "../shell/Told";
import { Alone } from "./Alone";
import { useEntering } from "./entering";
import { NewPassword } from "./NewPassword";
import { welcome } from "./page";

interface Entry {
  name?: string;
  password: string;
}

export default function Welcome() {
  const { t } = useTranslation();
  const [{ link }] = useView(welcome);
  const enter = useEntering();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async ({ name, password }: Entry) => {
    setBusy(true);
    try {
      const said = { link, password, ...(name ? { name } : {}) };
      await enter(await send<Session>("POST", "/api/session/welcome", said), "/");
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Alone title={t("signin.welcome")}>
      <p>{t("signin.welcome_about")}</p>
      <Form<Entry> layout="vertical" onFinish={submit} requiredMark={false}>
        <Form.Item name="name" label={t("signin.own_name")} extra={t("signin.own_name_about")}>
          <Input autoComplete="username" autoFocus />
        </Form.Item>
        <NewPassword />
        {error !== undefined && (
          <Form.Item>
            <Failure error={error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" block loading={busy}>
          {t("signin.begin")}
        </Button>
      </Form>
    </Alone>
  );
}
