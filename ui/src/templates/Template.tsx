import { Link, useParams } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { useView } from "../shell/page";
import { useMay } from "../shell/session";
import { Answer, Empty, Failure } from "../shell/Told";
import { type Found, KINDS, namesOf, saying, useSwitch, useTemplate } from "./asked";
import { Became } from "./Became";
import { Item } from "./Item";
import { Names } from "./Names";
import { one as page } from "./page";
import "./templates.css";

/** One industry: how its names are called here, and its items to switch on and off. */
export default function Template() {
  const { t } = useTranslation();
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const [view, setView] = useView(page);
  const found = useTemplate(id, namesOf(view.names));
  if (found.error instanceof Problem && found.error.status === 404) {
    return (
      <div className="panel">
        <Empty
          title={t("templates.absent")}
          next={t("templates.absent_next")}
          action={<Link to={"/templates" as never}>{t("templates.back")}</Link>}
        />
      </div>
    );
  }
  const say = (key: string, value: string | string[]) =>
    setView({ names: saying(namesOf(view.names), key, value) }, { replace: true, still: true });
  return (
    <>
      {found.data && found.error && <Failure error={found.error} />}
      <Answer of={found}>
        {(one) => <Shown one={one} said={namesOf(view.names)} say={say} />}
      </Answer>
    </>
  );
}

interface Parts {
  one: Found;
  said: ReturnType<typeof namesOf>;
  say: (key: string, value: string | string[]) => void;
}

function Shown({ one, said, say }: Parts) {
  const { t } = useTranslation();
  const turn = useSwitch(one.id, said);
  const mayRules = useMay("analyst");
  const able = one.items.filter(
    ({ ready, state, kind }) => ready && state === "off" && (kind !== "rule" || mayRules),
  );
  const all = () => turn.mutate({ on: true, items: able.map(({ id }) => id) });
  return (
    <>
      <div className="title">
        <h1>{one.name}</h1>
        <div className="actions">
          <Button
            type="primary"
            disabled={able.length === 0}
            loading={turn.isPending}
            onClick={all}
          >
            {t("templates.all_on", { count: able.length })}
          </Button>
        </div>
        <p>{one.about}</p>
        <p>
          <Link to={"/templates" as never} activeOptions={{ exact: true }}>
            {t("templates.back")}
          </Link>
        </p>
      </div>
      {turn.error && <Failure error={turn.error} />}
      {turn.data && <Became done={turn.data.items} found={one} close={() => turn.reset()} />}
      {one.able === 0 && (
        <Alert className="templates-note" type="info" showIcon title={t("templates.nothing")} />
      )}
      <Names found={one} said={said} say={say} />
      {KINDS.map((kind) => (
        <section className="panel" key={kind} aria-labelledby={`templates-${kind}`}>
          <h2 id={`templates-${kind}`}>{t(`templates.kind.${kind}`)}</h2>
          {kind === "rule" && (
            <p className="soft">{t(mayRules ? "templates.rules" : "templates.rules_not")}</p>
          )}
          <ul className="templates-items">
            {one.items
              .filter((item) => item.kind === kind)
              .map((item) => (
                <Item
                  key={item.id}
                  item={item}
                  names={one.names}
                  may={kind !== "rule" || mayRules}
                  busy={turn.isPending}
                  turn={(on, replace) => turn.mutate({ on, items: [item.id], replace })}
                />
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}
