import { CheckCircleOutlined, InfoCircleOutlined, WarningOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import { useFormat } from "../shell/format";

type Concern = components["schemas"]["Concern"];

/** Where something is done about it. */
const PLACES: Record<string, string> = {
  quarantine: "/quarantine",
  conflicts: "/quarantine",
  cooling: "/profiles",
};

/** What somebody should look at, the worst first as the server tells it. */
export function Attention({ concerns }: { concerns: Concern[] }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="attention">
      <h2 id="attention">{t("overview.attention")}</h2>
      {concerns.length === 0 ? (
        <p className="overview-concern">
          <CheckCircleOutlined style={{ color: "var(--good)" }} /> {t("overview.all_well")}
        </p>
      ) : (
        <ul className="overview-concerns">
          {concerns.map((one) => (
            <li key={`${one.kind} ${one.source ?? ""}`} className="overview-concern">
              {one.level === "info" ? (
                <InfoCircleOutlined />
              ) : (
                <WarningOutlined
                  style={{ color: `var(--${one.level === "error" ? "bad" : "alert"})` }}
                />
              )}
              <Told concern={one} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Told({ concern }: { concern: Concern }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const { kind, count, source, at } = concern;
  const key = `overview.concerns.${kind}`;
  const text = t(i18n.exists(key) ? `overview.concerns.${kind}` : "overview.concern", {
    kind,
    told: format.count(count ?? 0),
    source: source ?? "",
    at: at ? format.moment(at) : "",
    lag: format.seconds(Number(concern.seconds ?? 0)),
  });
  const place = PLACES[kind];
  if (!source && !place) return <span>{text}</span>;
  if (place) return <Link to={place as never}>{text}</Link>;
  return (
    <Link to={"/sources/$name" as never} params={{ name: source } as never}>
      {text}
    </Link>
  );
}
