import { useTranslation } from "react-i18next";
import { csv, ExportButton } from "../shell/ExportButton";
import { useFormat } from "../shell/format";
import { useView } from "../shell/page";
import { Answer, Empty } from "../shell/Told";
import { Gaps } from "./Gaps";
import { Keep } from "./Keep";
import { Moves } from "./Moves";
import { PaceForm } from "./PaceForm";
import { Past } from "./Past";
import page from "./page";
import { States } from "./States";
import { type Found, STAGES, useLifecycle, type View } from "./view";
import "./lifecycle.css";

/** In which stage everybody is, by which pace, and who went where. */
export default function Lifecycle() {
  const { t } = useTranslation();
  const format = useFormat();
  const [view, change] = useView(page);
  const found = useLifecycle(view);
  const data = found.data;
  return (
    <>
      <div className="title">
        <h1>{t("lifecycle.title")}</h1>
        <div className="actions">{data && <Exported found={data} />}</div>
        {data && (
          <p>
            {t("lifecycle.as_of", {
              at: format.moment(data.as_of),
              profiles: format.count(data.profiles),
              active: format.count(data.profiles - data.never),
              what: t(`lifecycle.what.${data.by}`),
            })}
          </p>
        )}
      </div>
      <Answer of={found}>{(told) => <Shown found={told} view={view} change={change} />}</Answer>
    </>
  );
}

interface Looked {
  found: Found;
  view: View;
  change: (patch: Partial<View>, how?: { replace?: boolean; still?: boolean }) => void;
}

function Shown({ found, view, change }: Looked) {
  const { t } = useTranslation();
  const put = (patch: Partial<View>) => change(patch, { replace: true, still: true });
  const some = found.profiles > found.never;
  return (
    <>
      {some ? (
        <Stages found={found} />
      ) : (
        <section className="panel">
          <Empty title={t("lifecycle.empty")} next={t("lifecycle.empty_next")} />
        </section>
      )}
      <PaceForm found={found} view={view} put={put} />
      {some && (
        <>
          <div className="panels">
            <Gaps found={found} />
            <Past view={view} />
          </div>
          <Moves found={found} view={view} put={put} />
          <States view={view} put={put} />
        </>
      )}
    </>
  );
}

function Stages({ found }: { found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const stages = new Map(found.stages.map((one) => [one.name, one]));
  const what = t(`lifecycle.what.${found.by}`);
  return (
    <section className="panel" aria-labelledby="lifecycle-stages">
      <h2 id="lifecycle-stages">{t("lifecycle.stages")}</h2>
      <ul className="lifecycle-cards">
        {STAGES.map((name) => {
          const one = stages.get(name);
          const called = t(`lifecycle.names.${name}`);
          return (
            <li key={name} data-stage={name}>
              <b>{called}</b>
              <span className="figure">{format.count(one?.profiles ?? 0)}</span>
              <span className="soft">{format.percent(one?.share ?? 0)}</span>
              <span className="soft">{t(`lifecycle.about.${name}`, { ...found.pace })}</span>
              <Keep
                name={t("lifecycle.keep_name", { name: called })}
                about={t("lifecycle.keep_about", { name: called })}
                rule={{ lifecycle: { any_of: [name] } }}
                refused={found.kept ? undefined : t("lifecycle.only_kept")}
                label={called}
              />
            </li>
          );
        })}
      </ul>
      {found.never > 0 && (
        <p className="soft">{t("lifecycle.never", { people: format.count(found.never), what })}</p>
      )}
    </section>
  );
}

function Exported({ found }: { found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const table = () =>
    csv(
      [t("lifecycle.stage"), t("lifecycle.profiles"), t("lifecycle.share")],
      found.stages.map((one) => [t(`lifecycle.names.${one.name}`), one.profiles, one.share]),
    );
  const name = `lifecycle-${format.day(found.as_of)}.csv`;
  return <ExportButton files={[{ label: t("lifecycle.csv"), from: table, name }]} />;
}
