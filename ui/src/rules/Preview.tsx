import { CloseOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Popconfirm } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useFormat } from "../shell/format";
import { Job, lookAgain } from "../shell/Job";
import { useView } from "../shell/page";
import { BandName, Temperature } from "../shell/Temperature";
import { Answer, Failure } from "../shell/Told";
import { Differences } from "./Differences";
import { Matrix } from "./Matrix";
import page from "./page";
import { RULES, type Version } from "./ruleset";

type Findings = components["schemas"]["Findings"];

interface Shown {
  id: string;
  now: Version;
  /** Makes the tried rules those in force; absent for who may not, or where it was asked of others. */
  accept?: (preview: string) => Promise<void>;
}

/** What rules would do: how far the trial is, what it found, and the way to make them hold. */
export function Preview({ id, now, accept }: Shown) {
  const { t } = useTranslation();
  const [, setView] = useView(page);
  const path = { preview_id: id };
  const preview = useQuery({
    queryKey: [...RULES, "preview", id],
    queryFn: () =>
      told(api.GET("/api/temperature/rules/previews/{preview_id}", { params: { path } })),
    refetchInterval: ({ state }) => lookAgain(state.data),
  });
  const stop = async () => {
    await told(
      api.POST("/api/temperature/rules/previews/{preview_id}/cancel", { params: { path } }),
    );
    await preview.refetch();
  };
  const close = () => setView({ preview: "" });
  return (
    <section className="panel rules-preview" aria-labelledby="rules-preview">
      <div className="rules-head">
        <h2 id="rules-preview">{t("rules.found.title")}</h2>
        <Button
          type="text"
          icon={<CloseOutlined />}
          aria-label={t("rules.found.close")}
          onClick={close}
        />
      </div>
      <Answer of={preview}>
        {(data) => (
          <>
            <Job work={data} label={t("rules.found.job")} stop={accept && stop} />
            {data.state === "done" && data.result && (
              <Found id={id} found={data.result} now={now} accept={accept} />
            )}
          </>
        )}
      </Answer>
    </section>
  );
}

function Found({ id, found, now, accept }: { id: string; found: Findings } & Omit<Shown, "id">) {
  const { t } = useTranslation();
  const format = useFormat();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const save = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await accept?.(id);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  const facts = {
    moved: format.count(found.moved),
    total: format.count(found.total),
    share: format.percent(found.total ? found.moved / found.total : 0),
    change: format.change(found.mean_change),
  };
  return (
    <>
      <p className="rules-moved">{t("rules.found.moved", facts)}</p>
      <p className="soft">
        {t("rules.found.as_of", {
          at: format.moment(found.as_of),
          seconds: format.seconds(found.seconds),
          anonymous: format.count(found.anonymous.moved ?? 0),
        })}
      </p>
      {found.unpriced.map(({ currency, events }) => (
        <Alert
          key={currency}
          className="rules-note"
          type="warning"
          showIcon
          title={t("rules.rates.missing", { currency, count: events })}
        />
      ))}
      <div className="rules-found">
        <div>
          <h3>{t("rules.found.matrix")}</h3>
          <Matrix matrix={found.matrix} />
        </div>
        <Examples moves={found.moves} />
      </div>
      <details>
        <summary>{t("rules.found.differences", { count: found.differences.length })}</summary>
        <Differences of={found.differences} />
      </details>
      {error !== undefined && <Failure error={error} />}
      {accept && (
        <div className="rules-foot">
          <Popconfirm
            title={t("rules.found.sure", facts)}
            onConfirm={save}
            okText={t("rules.found.save", { version: now.version + 1 })}
          >
            <Button type="primary" loading={busy} disabled={found.differences.length === 0}>
              {busy ? t("rules.found.saving") : t("rules.found.save", { version: now.version + 1 })}
            </Button>
          </Popconfirm>
        </div>
      )}
    </>
  );
}

function Examples({ moves }: { moves: Findings["moves"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (moves.length === 0) return <p className="soft">{t("rules.found.nobody")}</p>;
  return (
    <div>
      <h3>{t("rules.found.examples")}</h3>
      <ul className="rules-moves">
        {moves.map((move) => (
          <li key={`${move.from}-${move.to}`}>
            <p>
              <BandName band={move.from} /> → <BandName band={move.to} />{" "}
              <b>
                {t("rules.found.people", {
                  count: move.profiles,
                  shown: format.count(move.profiles),
                })}
              </b>
            </p>
            {move.examples.map(({ profile, before, after }) => (
              <p key={profile} className="rules-example-line">
                <Link to={"/profiles/$id" as never} params={{ id: profile } as never}>
                  {profile.slice(0, 12)}
                </Link>
                <Temperature value={before} /> → <Temperature value={after} />
              </p>
            ))}
          </li>
        ))}
      </ul>
    </div>
  );
}
