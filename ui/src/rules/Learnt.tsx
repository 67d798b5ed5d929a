import { DownloadOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useSpoken } from "../i18n";
import { useFormat } from "../shell/format";
import { Sheet } from "../shell/Sheet";
import { Temperature } from "../shell/Temperature";
import { Failure } from "../shell/Told";
import { Differences } from "./Differences";
import { BandRates, Scores } from "./LearntCharts";
import {
  bestRival,
  type CalibrationJob,
  differences,
  doubts,
  type Found,
  standing,
  type Weight,
} from "./learnt";
import type { Version } from "./ruleset";
import { usePreview } from "./saving";
import { useSentences } from "./sentence";

interface Shown {
  job: CalibrationJob;
  found: Found;
  now: Version;
  may: boolean;
}

/** What a calibration found: how well it tells, what a band is worth, which rules it proposes. */
export function Learnt({ job, found, now, may }: Shown) {
  const { t } = useTranslation();
  const changed = differences(now, found.rules);
  const language = useSpoken();
  const report = `/api/calibrations/${job.id}/report?language=${language}`;
  return (
    <>
      <Verdict found={found} />
      <Doubts found={found} />
      <div className="rules-learnt">
        <Scores found={found} />
        <BandRates found={found} />
      </div>
      <Weights found={found} />
      <details>
        <summary>{t("rules.calibration.differences", { count: changed.length })}</summary>
        <Differences of={changed} />
      </details>
      <div className="rules-foot">
        <Button href={report} download={`calibration-${language}.html`} icon={<DownloadOutlined />}>
          {t("rules.calibration.report")}
        </Button>
        {may && <TakeOver found={found} same={changed.length === 0} />}
      </div>
    </>
  );
}

/** In one sentence: is it better than what else there is? */
function Verdict({ found }: { found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [rival, figure] = bestRival(found);
  const auc = (value: number) => format.number(value, 3);
  const told = {
    mine: auc(found.auc.temperature ?? 0),
    rival: t(`rules.calibration.rivals.${rival}`),
    best: auc(figure),
    force: auc(found.auc_in_force),
  };
  const group = (moment: string, { profiles, reached, rate }: Found["test"]) => ({
    at: format.day(moment),
    profiles: format.count(profiles),
    reached: format.count(reached),
    rate: format.percent(rate ?? 0),
  });
  return (
    <>
      <p className="rules-moved">
        {t(`rules.calibration.verdict.${standing(found, figure)}`, told)}
      </p>
      <p>
        {t(`rules.calibration.against.${standing(found, found.auc_in_force)}`, told)}{" "}
        {t("rules.calibration.error", { error: auc(found.auc_error) })}
      </p>
      <p className="soft">
        {t("rules.calibration.learnt_at", group(found.learnt_at, found.learning))}{" "}
        {t("rules.calibration.tested_at", group(found.cut, found.test))}
      </p>
    </>
  );
}

function Doubts({ found }: { found: Found }) {
  const { t } = useTranslation();
  const reached = Math.min(found.learning.reached, found.test.reached);
  return doubts(found).map((doubt) => (
    <Alert
      key={doubt}
      className="rules-note"
      type="warning"
      showIcon
      title={t(`rules.calibration.doubts.${doubt}`, { reached })}
      description={t(`rules.calibration.advice.${doubt}`)}
    />
  ));
}

/** What one event of each kind brings by the proposed rules. */
function Weights({ found }: { found: Found }) {
  const { t } = useTranslation();
  const say = useSentences();
  const names = new Map(found.rules.rules.map((rule) => [rule.id, say.name(rule)]));
  const columns = [
    {
      key: "event",
      title: t("rules.meaning.event"),
      head: true,
      show: ({ event }: Weight) => event,
    },
    { key: "points", title: t("rules.form.points"), show: say.points },
    {
      key: "half_life",
      title: t("rules.form.half_life"),
      show: (one: Weight) => say.days(one.half_life_days),
    },
    {
      key: "cap",
      title: t("rules.differ.fields.cap"),
      show: ({ cap }: Weight) => (cap === null ? t("rules.form.unlimited") : say.number(cap)),
    },
    {
      key: "alone",
      title: t("rules.alone"),
      show: ({ alone }: Weight) => <Temperature value={alone} />,
    },
  ];
  const lists = {
    without: found.without_weight,
    kept: found.kept.map((rule) => names.get(rule) ?? rule),
    dropped: found.dropped,
  };
  return (
    <>
      <h3>{t("rules.calibration.weights", { e_half: say.number(found.rules.e_half) })}</h3>
      <Sheet<Weight>
        label={t("rules.calibration.weights_label")}
        rows={found.weights}
        rowKey={({ rule }) => rule}
        columns={columns}
      />
      <ul className="rules-rest">
        {Object.entries(lists).map(
          ([kind, of]) =>
            of.length > 0 && (
              <li key={kind}>
                <span className="soft">{t(`rules.calibration.rest.${kind}`)}</span>{" "}
                {of.join(t("rules.calibration.and"))}
              </li>
            ),
        )}
      </ul>
    </>
  );
}

/** The way to make the proposed rules hold: first look what they would do to everybody. */
function TakeOver({ found, same }: { found: Found; same: boolean }) {
  const { t } = useTranslation();
  const preview = usePreview();
  const begin = useMutation({ mutationFn: () => preview({ rules: found.rules }) });
  return (
    <>
      {begin.isError && <Failure error={begin.error} />}
      <Button
        type="primary"
        loading={begin.isPending}
        disabled={same}
        onClick={() => begin.mutate()}
      >
        {t(same ? "rules.calibration.in_force" : "rules.calibration.take")}
      </Button>
    </>
  );
}
