import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { Answer } from "../shell/Told";
import { type Template, useTemplates } from "./asked";
import "./templates.css";

/** What each industry may switch on. */
export default function Templates() {
  const { t } = useTranslation();
  const found = useTemplates();
  return (
    <>
      <div className="title">
        <h1>{t("templates.title")}</h1>
        <p>{t("templates.about")}</p>
      </div>
      <Answer of={found}>
        {({ items }) => (
          <ul className="templates-cards" aria-label={t("templates.title")}>
            {items.map((one) => (
              <Card key={one.id} one={one} />
            ))}
          </ul>
        )}
      </Answer>
    </>
  );
}

function Card({ one }: { one: Template }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <li className="panel">
      <h2>
        <Link to={"/templates/$id" as never} params={{ id: one.id } as never}>
          {one.name}
        </Link>
      </h2>
      <p>{one.about}</p>
      <p className="soft">
        {t("templates.sizes", {
          size: format.count(one.size),
          able: format.count(one.able),
          on: format.count(one.on),
        })}
      </p>
    </li>
  );
}
