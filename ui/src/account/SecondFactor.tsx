import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, QRCode, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { ExportButton } from "../shell/ExportButton";
import { SESSION } from "../shell/session";
import { CurrentPassword } from "../signin/CurrentPassword";
import { Refusal } from "../signin/Refusal";

type Offer = components["schemas"]["FactorOffer"];

/** A code from an app beside the password: switched on in two steps, off with the password. */
export function SecondFactor({ on, codesLeft }: { on: boolean; codesLeft: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [offer, setOffer] = useState<Offer>();
  const [codes, setCodes] = useState<string[]>();
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
    attempt(async () => setOffer(await told(api.POST("/api/session/second-factor"))));
  const confirm = ({ code }: { code: string }) =>
    attempt(async () => {
      const confirmed = await told(api.PUT("/api/session/second-factor", { body: { code } }));
      setCodes(confirmed.recovery_codes);
      await done();
    });
  const end = ({ password }: { password: string }) =>
    attempt(async () => {
      await told(api.DELETE("/api/session/second-factor", { body: { password } }));
      setCodes(undefined);
      await done();
    });
  return (
    <section className="panel">
      <h2>{t("account.second")}</h2>
      <p className="soft">{t(on ? "account.second_on" : "account.second_off")}</p>
      <Refusal error={error} />
      {on && <p className="soft">{t("account.codes_left", { count: codesLeft })}</p>}
      {codes && <Codes codes={codes} />}
      {on && (
        <Form layout="vertical" onFinish={end} requiredMark={false}>
          <CurrentPassword name="password" label={t("signin.password")} />
          <Button danger htmlType="submit">
            {t("account.second_end")}
          </Button>
        </Form>
      )}
      {!on && !offer && <Button onClick={begin}>{t("account.second_begin")}</Button>}
      {!on && offer && (
        <Form layout="vertical" onFinish={confirm} requiredMark={false}>
          <p>{t("account.second_scan")}</p>
          {/* The key below says the same in words. */}
          <div aria-hidden="true">
            <QRCode value={offer.uri} type="svg" color="#000" bgColor="#fff" />
          </div>
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

/** Ways in for who loses the phone, shown this once. */
function Codes({ codes }: { codes: string[] }) {
  const { t } = useTranslation();
  const from = () => new Blob([codes.join("\n"), "\n"], { type: "text/plain" });
  return (
    <Alert
      type="warning"
      showIcon
      title={t("account.codes")}
      description={
        <>
          <pre>{codes.join("\n")}</pre>
          <ExportButton files={[{ label: "TXT", from, name: "hotspring-codes.txt" }]} />
        </>
      }
    />
  );
}
