import { Alert, Form } from "antd";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { formats } from "../shell/format";
import { Failure } from "../shell/Told";

/** Why the server did not let in, or did not take a password. */
export function Refusal({ error }: { error: unknown }) {
  const { t, i18n } = useTranslation();
  if (!error) return null;
  const code = error instanceof Problem ? error.code : "";
  const known: Record<string, string> = {
    wrong_password: t("signin.refused.wrong_password"),
    code_needed: t("signin.refused.code_needed"),
    wrong_code: t("signin.refused.wrong_code"),
    link_over: t("signin.refused.link_over"),
    wrong_name: t("signin.refused.wrong_name"),
    too_short: t("signin.refused.too_short"),
    too_long: t("signin.refused.too_long"),
    too_simple: t("signin.refused.too_simple"),
    is_name: t("signin.refused.is_name"),
    too_common: t("signin.refused.too_common"),
    same: t("signin.refused.same"),
  };
  const often = error instanceof Problem && error.status === 429;
  // Who is not signed in is not told the zone of the pool: a wait needs none.
  const wait = often ? formats(i18n.language, "UTC").wait(error.retryAfter) : "";
  const told = often ? t("signin.refused.often", { wait }) : known[code];
  return (
    <Form.Item>
      {told ? (
        <Alert type={code === "code_needed" ? "info" : "error"} showIcon title={told} />
      ) : (
        <Failure error={error} />
      )}
    </Form.Item>
  );
}
