import { Link } from "@tanstack/react-router";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { useSave } from "../named/asked";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";

interface Wanted {
  /** What stands before the day in the name of the segment. */
  name: string;
  about: string;
  rule: Record<string, unknown>;
  /** Why it cannot be kept now. */
  refused?: string;
  /** What it is, for who does not see where the button stands. */
  label: string;
}

/** One click, and it is a segment. */
export function Keep({ name, about, rule, refused, label }: Wanted) {
  const { t } = useTranslation();
  const format = useFormat();
  const { notification } = App.useApp();
  const keep = useSave("segments");
  const put = () => {
    const said = { name: `${name} ${format.moment(Date.now())}`, description: about, rule };
    const onError = (error: unknown) =>
      notification.error({
        title: t("shell.failed.refused"),
        description: error instanceof Problem ? <Said text={error.detail} /> : undefined,
      });
    keep.mutate({ id: "", said }, { onError });
  };
  if (keep.data) {
    return (
      <Link
        to={"/segments/$id" as never}
        params={{ id: keep.data.id } as never}
        title={keep.data.name}
      >
        {t("lifecycle.open")}
      </Link>
    );
  }
  return (
    <Button
      size="small"
      loading={keep.isPending}
      disabled={refused !== undefined}
      title={refused}
      aria-label={`${t("lifecycle.keep")} ${label}`}
      onClick={put}
    >
      {t("lifecycle.keep")}
    </Button>
  );
}
