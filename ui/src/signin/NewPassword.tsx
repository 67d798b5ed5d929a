import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

const SHORTEST = 12;

/** A new password, said twice: the fields `password` and `again` of a form. */
export function NewPassword() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item
        name="password"
        label={t("signin.new_password")}
        extra={t("signin.new_password_about", { count: SHORTEST })}
        rules={[
          { required: true, min: SHORTEST, message: t("signin.too_short", { count: SHORTEST }) },
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t("signin.again")}
        dependencies={["password"]}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              value === getFieldValue("password")
                ? Promise.resolve()
                : Promise.reject(new Error(t("signin.differs"))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}
