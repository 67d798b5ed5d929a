import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { SmallTable } from "../shell/SmallTable";
import { Answer, Failure } from "../shell/Told";
import { Differences } from "./Differences";
import { Preview } from "./Preview";
import page from "./page";
import { RULES, titleOf, type Version } from "./ruleset";
import { useAccept, usePreview } from "./saving";

/** Every version there was: compared with each other, tried again, made to hold again. */
export function Versions({ now, may }: { now: Version; may: boolean }) {
  const { t } = useTranslation();
  const [view, setView] = useView(page);
  const preview = usePreview();
  const accept = useAccept(now);
  const [error, setError] = useState<unknown>();
  const versions = useQuery({
    queryKey: [...RULES, "versions"],
    queryFn: async () =>
      (await told(api.GET("/api/temperature/rules/versions"))).items as unknown as Version[],
  });
  const again = async (version: number) => {
    try {
      setError(undefined);
      await preview({ version });
    } catch (problem) {
      setError(problem);
    }
  };
  const columns = useColumns(now, may, again, (before) =>
    setView({ before: String(before), after: String(now.version) }),
  );
  return (
    <>
      {error !== undefined && <Failure error={error} />}
      {view.preview && <Preview id={view.preview} now={now} accept={may ? accept : undefined} />}
      <section className="panel" aria-labelledby="rules-versions">
        <h2 id="rules-versions">{t("rules.parts.versions")}</h2>
        <Answer of={versions}>
          {(items) => (
            <>
              <SmallTable<Version> rowKey="version" page={20} rows={items} columns={columns} />
              <Compared versions={items} />
            </>
          )}
        </Answer>
      </section>
    </>
  );
}

function useColumns(
  now: Version,
  may: boolean,
  again: (version: number) => void,
  compare: (version: number) => void,
) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  return [
    {
      title: t("rules.versions.version"),
      dataIndex: "version",
      render: (version: number) => (
        <>
          {version}{" "}
          {version === now.version && (
            <span className="rules-tag" data-kind="added">
              {t("rules.versions.now")}
            </span>
          )}
        </>
      ),
    },
    {
      title: t("rules.versions.at"),
      dataIndex: "at",
      render: (at?: string) => (at ? format.moment(at) : ""),
    },
    {
      title: t("rules.versions.by"),
      dataIndex: "by",
      render: (by?: string) => by || t("rules.versions.built_in"),
    },
    {
      title: t("rules.versions.what"),
      key: "what",
      render: (_: unknown, one: Version) =>
        t("rules.versions.rules", {
          count: one.rules.length,
          name: titleOf(one.title, i18n.language),
        }),
    },
    { title: "E_half", dataIndex: "e_half", align: "right" as const },
    {
      title: t("rules.versions.do"),
      key: "do",
      render: (_: unknown, { version }: Version) =>
        version !== now.version && (
          <span className="rules-actions">
            <Button size="small" onClick={() => compare(version)}>
              {t("rules.versions.compare_now")}
            </Button>
            {may && (
              <Button size="small" onClick={() => again(version)}>
                {t("rules.versions.restore")}
              </Button>
            )}
          </span>
        ),
    },
  ];
}

function Compared({ versions }: { versions: Version[] }) {
  const { t } = useTranslation();
  const [view, setView] = useView(page);
  const [before, after] = [Number(view.before), Number(view.after)];
  const both = before > 0 && after > 0;
  const compared = useQuery({
    queryKey: [...RULES, "compare", before, after],
    queryFn: () =>
      told(
        api.GET("/api/temperature/rules/versions/{number}/compare/{other}", {
          params: { path: { number: before, other: after } },
        }),
      ),
    enabled: both,
  });
  if (versions.length < 2) return <p className="soft">{t("rules.versions.alone")}</p>;
  const options = versions.map(({ version }) => ({
    value: String(version),
    label: t("rules.versions.number", { version }),
  }));
  return (
    <>
      <div className="rules-compare">
        <span>{t("rules.versions.compare")}</span>
        <Select
          aria-label={t("rules.versions.before")}
          placeholder={t("rules.versions.before")}
          value={view.before || undefined}
          options={options}
          onChange={(one: string) => setView({ before: one })}
        />
        →
        <Select
          aria-label={t("rules.versions.after")}
          placeholder={t("rules.versions.after")}
          value={view.after || undefined}
          options={options}
          onChange={(one: string) => setView({ after: one })}
        />
      </div>
      {both && (
        <Answer of={compared}>{({ differences }) => <Differences of={differences} />}</Answer>
      )}
    </>
  );
}
