import { useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, QRCode, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../api/client";
import { SESSION } from "../shell/session";
import { Failure } from "../shell/Told";

interface Offer {
  secret: string;
  uri: string;
}

/** A code from an app beside the password: switched on in two steps, off with the password. */
export function SecondFactor({ on }: { on: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [offer, setOffer] = useState<Offer>();
  const [error, setError] = useState<unknown>();
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      setError(undefined);
    } catch (problem) {
      setError(problem);
    }
  };
  const done = async () => {
    setOffer(undefined);
    await client.invalidateQueries({ queryKey: SESSION, exact: true });
  };
  const begin = () =>
    attempt(async () => setOffer(await send<Offer>("POST", "/api/session/second-factor")));
  const confirm = ({ code }: { code: string }) =>
    attempt(async () => {
      await send("PUT", "/api/session/second-factor", { code });
      await done();
    });
  const end = ({ password }: { password: string }) =>
    attempt(async () => {
      await send("DELETE", "/api/session/second-factor", { password });
      await done();
    });
  return (
    <section className="panel">
      <h2>{t("account.second")}</h2>
      <p className="soft">{t(on ? "account.second_on" : "account.second_off")}</p>
      {error !== undefined && <Failure error={error} />}
      {on && (
        <Form layout="vertical" onFinish={end} requiredMark={false}>
          <Form.Item
            name="password"
            label={t("signin.password")}
            rules={[{ required: true, message: t("signin.needed") }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Button danger htmlType="submit">
            {t("account.second_end")}
          </Button>
        </Form>
      )}
      {!on && !offer && <Button onClick={begin}>{t("account.second_begin")}</Button>}
      {!on && offer && (
        <Form layout="vertical" onFinish={confirm} requiredMark={false}>
          <p>{t("account.second_scan")}</p>
          <QRCode value={offer.uri} type="svg" color="#000" bgColor="#fff" />
          <Typography.Paragraph copyable code>
            {offer.secret}
          </Typography.Paragraph>
          <Form.Item
            name="code"
            label={t("signin.code")}
            rules={[{ required: true, message: t("signin.needed") }]}
          >
            <Input autoComplete="one-time-code" inputMode="numeric" />
          </Form.Item>
          <Button type="primary" htmlType="submit">
            {t("account.second_confirm")}
          </Button>
        </Form>
      )}
    </section>
  );
}
