import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

/** Where one proves who one is, as field `name` of a form. */
export function CurrentPassword({ name, label }: { name: string; label: string }) {
  const { t } = useTranslation();
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, message: t("signin.needed") }]}>
      <Input.Password autoComplete="current-password" />
    </Form.Item>
  );
}
