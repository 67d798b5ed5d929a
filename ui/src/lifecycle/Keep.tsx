import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { Problem } from "../api/problem";
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
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const { notification } = App.useApp();
  const keep = useMutation({
    mutationFn: () =>
      told(
        api.POST("/api/segments", {
          params: { query: { lang: i18n.language === "en" ? "en" : "zh" } },
          body: { name: `${name} ${format.moment(Date.now())}`, description: about, rule },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["segments"] }),
    onError: (error) =>
      notification.error({
        title: t("shell.failed.refused"),
        description: error instanceof Problem ? <Said text={error.detail} /> : undefined,
      }),
  });
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
      onClick={() => keep.mutate()}
    >
      {t("lifecycle.keep")}
    </Button>
  );
}
