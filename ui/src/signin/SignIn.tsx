import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { Problem } from "../api/problem";
import { useView } from "../shell/page";
import { Alone } from "./Alone";
import { CurrentPassword } from "./CurrentPassword";
import { useEntering } from "./entering";
import { signIn } from "./page";
import { Refusal } from "./Refusal";

interface Entry {
  name: string;
  password: string;
  code?: string;
}

const ASKS_CODE = ["code_needed", "wrong_code"];

export default function SignIn() {
  const { t } = useTranslation();
  const [{ back }] = useView(signIn);
  const enter = useEntering();
  const [error, setError] = useState<unknown>();
  const [asksCode, setAsksCode] = useState(false);
  const [busy, setBusy] = useState(false);
  const submit = async (entry: Entry) => {
    setBusy(true);
    try {
      await enter(await told(api.POST("/api/session", { body: { code: "", ...entry } })), back);
    } catch (problem) {
      setError(problem);
      if (problem instanceof Problem && ASKS_CODE.includes(problem.code)) setAsksCode(true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Alone title={t("signin.title")}>
      <Form<Entry> layout="vertical" onFinish={submit} requiredMark={false}>
        <Form.Item
          name="name"
          label={t("signin.name")}
          rules={[{ required: true, message: t("signin.needed") }]}
        >
          <Input autoComplete="username" autoFocus />
        </Form.Item>
        <CurrentPassword name="password" label={t("signin.password")} />
        {asksCode && (
          <Form.Item name="code" label={t("signin.code")} extra={t("signin.code_where")}>
            <Input autoComplete="one-time-code" inputMode="numeric" autoFocus />
          </Form.Item>
        )}
        <Refusal error={error} />
        <Button type="primary" htmlType="submit" block loading={busy}>
          {t("signin.enter")}
        </Button>
      </Form>
      <p className="soft">{t("signin.lost")}</p>
    </Alone>
  );
}
