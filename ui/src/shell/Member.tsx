import { LogoutOutlined, SafetyOutlined, UserOutlined } from "@ant-design/icons";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import useApp from "antd/es/app/useApp";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { Problem } from "../api/problem";
import { Choices } from "./Choices";
import { useSession, useSigned } from "./session";

/** Who is signed in, and what they may do about that. */
export function Member() {
  const { t } = useTranslation();
  const { data } = useSession();
  const { notification } = useApp();
  const navigate = useNavigate();
  const signed = useSigned();
  if (!data) return null;
  const leave = async () => {
    try {
      await told(api.DELETE("/api/session"));
    } catch (error) {
      // One that has ended already is as good.
      if (!(error instanceof Problem && error.status === 401)) {
        notification.error({ title: t("shell.not_left") });
        return;
      }
    }
    signed(null);
    await navigate({ to: "/sign-in" as never });
  };
  const items = [
    {
      key: "who",
      type: "group" as const,
      label: `${data.name} · ${t(`shell.roles.${data.role}`)}`,
    },
    {
      key: "account",
      icon: <SafetyOutlined />,
      label: t("account.title"),
      onClick: () => void navigate({ to: "/account" as never }),
    },
    { key: "leave", icon: <LogoutOutlined />, label: t("shell.sign_out"), onClick: leave },
  ];
  return (
    <Choices menu={{ items }}>
      <Button
        type="text"
        icon={<UserOutlined />}
        aria-label={t("shell.member", { name: data.name })}
      >
        <span className="only-wide">{data.name}</span>
      </Button>
    </Choices>
  );
}
