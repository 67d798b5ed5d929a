import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { type Cell, Sheet } from "../shell/Sheet";
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
              <Sheet<Version>
                label={t("rules.parts.versions")}
                rowKey={({ version }) => String(version)}
                rows={items}
                columns={columns}
              />
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
  const columns: Cell<Version>[] = [
    {
      title: t("rules.versions.version"),
      key: "version",
      head: true,
      show: ({ version }) => (
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
      key: "at",
      show: ({ at }) => (at ? format.moment(at) : ""),
    },
    {
      title: t("rules.versions.by"),
      key: "by",
      show: ({ by }) => by || t("rules.versions.built_in"),
    },
    {
      title: t("rules.versions.what"),
      key: "what",
      show: (one: Version) =>
        t("rules.versions.rules", {
          count: one.rules.length,
          name: titleOf(one.title, i18n.language),
        }),
    },
    { title: t("rules.meaning.e_half"), key: "e_half", show: ({ e_half }) => e_half, number: true },
    {
      title: t("rules.versions.do"),
      key: "do",
      show: ({ version }: Version) =>
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
  return columns;
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
