import { Link, Navigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useReports } from "../boards/asked";
import { Reports } from "../boards/Reports";
import { useSpoken } from "../i18n";
import { useView } from "../shell/page";
import { Answer } from "../shell/Told";
import { useAnalyses } from "./asked";
import { list as page } from "./page";
import "./analytics.css";

/** Every analysis, and what each answers. */
export default function Analyses() {
  const { t } = useTranslation();
  const language = useSpoken();
  const all = useAnalyses();
  const [view] = useView(page);
  const kept = useReports(view.report !== "").data?.items.find(({ id }) => id === view.report);
  if (kept) {
    return (
      <Navigate
        to={"/analytics/$name" as never}
        params={{ name: kept.analysis } as never}
        search={{ report: kept.id } as never}
        replace
      />
    );
  }
  return (
    <>
      <div className="title">
        <h1>{t("analytics.title")}</h1>
        <p>{t("analytics.about")}</p>
      </div>
      <Answer of={all}>
        {({ items }) => (
          <>
            <ul className="analytics-list-of">
              {items.map(({ name, words }) => (
                <li key={name}>
                  <Link
                    to={"/analytics/$name" as never}
                    params={{ name } as never}
                    className="panel"
                  >
                    <b>{words.title[language]}</b>
                    <span className="soft">{words.about[language]}</span>
                  </Link>
                </li>
              ))}
            </ul>
            <Reports
              titled={(analysis) =>
                items.find(({ name }) => name === analysis)?.words.title[language] ?? analysis
              }
            />
          </>
        )}
      </Answer>
    </>
  );
}
