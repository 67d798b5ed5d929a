import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useFormat } from "../shell/format";
import { Rows } from "../shell/Rows";
import { Answer, Empty } from "../shell/Told";

interface Decision {
  purpose: string;
  channel: string;
  given: boolean;
  at: string;
  source: string;
  proof: string;
}

/** What a person agreed to, by purpose and channel. */
export function ConsentTable({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const consent = useQuery({
    queryKey: ["profile", id, "consent"],
    queryFn: () => {
      const params = { path: { key: id } };
      return told(api.GET("/api/profiles/{key}/consent", { params })) as unknown as Promise<{
        items: Decision[];
      }>;
    },
  });
  return (
    <section className="panel" aria-labelledby="consent">
      <h2 id="consent">{t("profiles.tabs.consent")}</h2>
      <Answer of={consent}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t("profiles.no_consent")} next={t("profiles.no_consent_next")} />
          ) : (
            <Rows
              label={t("profiles.tabs.consent")}
              rows={items}
              rowKey={(one) => `${one.purpose}/${one.channel}`}
              height="none"
              columns={[
                { key: "purpose", title: t("profiles.purpose"), show: (one) => one.purpose },
                {
                  key: "channel",
                  title: t("profiles.channel"),
                  show: (one) => one.channel || t("profiles.every_channel"),
                },
                {
                  key: "given",
                  title: t("profiles.decision"),
                  show: (one) => t(one.given ? "profiles.given" : "profiles.withdrawn"),
                },
                { key: "at", title: t("profiles.at"), show: (one) => format.moment(one.at) },
                { key: "source", title: t("profiles.source"), show: (one) => one.source },
                { key: "proof", title: t("profiles.proof"), show: (one) => one.proof },
              ]}
            />
          )
        }
      </Answer>
    </section>
  );
}
