import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Form, Input, Modal, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { Failure } from "../shell/Told";
import { keyOf, SOURCES } from "./asked";

type New = Required<components["schemas"]["NewSource"]>;

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u;
const DATUMS = ["wgs84", "gcj02", "bd09"] as const;

/** Asks what the new source is, makes it, and goes to where its key is shown. */
export function Create({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<New>();
  const client = useQueryClient();
  const navigate = useNavigate();
  const make = useMutation({
    mutationFn: (body: New) => told(api.POST("/api/sources", { body })),
    onSuccess: async (made) => {
      client.setQueryData(keyOf(made.name), made.write_key);
      close();
      form.resetFields();
      await navigate({ to: "/sources/$name" as never, params: { name: made.name } as never });
      await client.invalidateQueries({ queryKey: SOURCES, predicate: (one) => one.isActive() });
    },
  });
  return (
    <Modal
      open={open}
      title={t("sources.create")}
      okText={t("sources.make")}
      cancelText={t("sources.cancel")}
      confirmLoading={make.isPending}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: "", public: false, datum: "wgs84", project: "" }}
        onFinish={(body) => make.mutate(body)}
      >
        <Form.Item
          name="name"
          label={t("sources.name")}
          rules={[{ required: true, pattern: NAME, message: t("sources.name_rule") }]}
        >
          <Input autoFocus autoComplete="off" placeholder="website" />
        </Form.Item>
        <Form.Item name="public" label={t("sources.where")} extra={t("sources.public_about")}>
          <Radio.Group
            options={[
              { value: false, label: t("sources.private") },
              { value: true, label: t("sources.public") },
            ]}
          />
        </Form.Item>
        <Form.Item name="datum" label={t("sources.datum")} extra={t("sources.datum_about")}>
          <Select
            options={DATUMS.map((value) => ({ value, label: t(`sources.datums.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="project" label={t("sources.project")} extra={t("sources.project_about")}>
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        {make.error && <Failure error={make.error} />}
      </Form>
    </Modal>
  );
}
