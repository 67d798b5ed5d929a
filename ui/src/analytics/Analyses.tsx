import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useSpoken } from "../i18n";
import { Answer } from "../shell/Told";
import { useAnalyses } from "./asked";
import "./analytics.css";

/** Every analysis, and what each answers. */
export default function Analyses() {
  const { t } = useTranslation();
  const language = useSpoken();
  const all = useAnalyses();
  return (
    <>
      <div className="title">
        <h1>{t("analytics.title")}</h1>
        <p>{t("analytics.about")}</p>
      </div>
      <Answer of={all}>
        {({ items }) => (
          <ul className="analytics-list-of">
            {items.map(({ name, words }) => (
              <li key={name}>
                <Link to={"/analytics/$name" as never} params={{ name } as never} className="panel">
                  <b>{words.title[language]}</b>
                  <span className="soft">{words.about[language]}</span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </>
  );
}
