import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { Said } from "../refusals/Said";
import { Answer } from "../shell/Told";

/** Is the folder sound? Every file is read against its checksum, so it is asked for by hand. */
export function Health() {
  const { t } = useTranslation();
  const doctor = useQuery({
    queryKey: ["doctor"],
    queryFn: () => told(api.GET("/api/doctor")),
    enabled: false,
  });
  const asked = doctor.isFetching || doctor.data !== undefined || doctor.error;
  return (
    <section className="panel" aria-labelledby="settings-health">
      <h2 id="settings-health">{t("settings.parts.health")}</h2>
      <p className="soft">{t("settings.health.about")}</p>
      <p>
        <Button type="primary" loading={doctor.isFetching} onClick={() => doctor.refetch()}>
          {t("settings.health.look")}
        </Button>
      </p>
      {asked && (
        <Answer of={doctor}>
          {({ items }) => (
            <>
              <p role="status">
                <b>
                  {items.every(({ ok }) => ok)
                    ? t("settings.health.sound")
                    : t("settings.health.wrong", { count: items.filter(({ ok }) => !ok).length })}
                </b>
              </p>
              <ul className="settings-findings">
                {items.map(({ check, ok, detail, advice }) => (
                  <li key={check + detail}>
                    <b data-ok={ok}>{ok ? "✓" : "✗"}</b>{" "}
                    <b>{t(`settings.health.checks.${check}`)}</b> <Said text={detail} />
                    {advice && (
                      <p>
                        <Said text={advice} />
                      </p>
                    )}
                  </li>
                ))}
              </ul>
            </>
          )}
        </Answer>
      )}
    </section>
  );
}
