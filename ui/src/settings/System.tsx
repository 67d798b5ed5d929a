import { useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { csv, ExportButton } from "../shell/ExportButton";
import { useView } from "../shell/page";
import { Sheet } from "../shell/Sheet";
import { Answer } from "../shell/Told";
import page from "./page";

type Setting = components["schemas"]["SettingShown"];

export function useConfig() {
  return useQuery({ queryKey: ["config"], queryFn: () => told(api.GET("/api/config")) });
}

/** With which settings it runs, where each was said, and how to say otherwise. */
export function System() {
  const { t, i18n } = useTranslation();
  const [view, setView] = useView(page);
  const reference = `/help/${i18n.language}/reference`;
  const from = (items: Setting[]) => () =>
    csv(
      [t("settings.system.name"), t("settings.system.value"), t("settings.system.origin")],
      items.map((one) => [one.name, written(one.value), one.origin]),
    );
  return (
    <section className="panel" aria-labelledby="settings-system">
      <h2 id="settings-system">{t("settings.parts.system")}</h2>
      <p>{t("settings.system.about")}</p>
      <pre className="settings-code">
        {
          '# hotspring.toml\ntimezone = "Asia/Shanghai"\n\nHOTSPRING_TIMEZONE=Asia/Shanghai hotspring serve …'
        }
      </pre>
      <p>
        <a href={reference} target="_blank" rel="noreferrer">
          {t("settings.system.reference")}
        </a>
      </p>
      <Answer of={useConfig()}>
        {({ items }) => (
          <>
            <div className="settings-tools">
              <Input.Search
                allowClear
                value={view.q}
                placeholder={t("settings.system.search")}
                aria-label={t("settings.system.search")}
                onChange={({ target }) => setView({ q: target.value }, { replace: true })}
              />
              <ExportButton
                files={[{ label: "CSV", from: from(items), name: "hotspring-settings.csv" }]}
              />
            </div>
            <Sheet<Setting>
              label={t("settings.parts.system")}
              rowKey={({ name }) => name}
              rows={items.filter(({ name }) => name.includes(view.q.trim().toLowerCase()))}
              columns={[
                {
                  title: t("settings.system.name"),
                  key: "name",
                  head: true,
                  show: ({ name }) => <code>{name}</code>,
                },
                {
                  title: t("settings.system.value"),
                  key: "value",
                  show: ({ value }) => <span className="settings-value">{written(value)}</span>,
                },
                {
                  title: t("settings.system.origin"),
                  key: "origin",
                  show: ({ origin }) =>
                    origin === "default" ? t("settings.system.default") : origin,
                },
              ]}
            />
          </>
        )}
      </Answer>
    </section>
  );
}

/** A value as it stands in a file. */
function written(value: unknown): string {
  return typeof value === "string" ? value || '""' : JSON.stringify(value);
}
