import { Link } from "@tanstack/react-router";
import { Button, Popconfirm } from "antd";
import { useTranslation } from "react-i18next";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import type { Item as Found, Name } from "./asked";

const PATHS = {
  segment: "/segments/$id",
  tag: "/tags/$id",
  score: "/scores",
  rule: "/rules",
} as const;

interface Shown {
  item: Found;
  names: Name[];
  may: boolean;
  busy: boolean;
  turn: (on: boolean, replace?: boolean) => void;
}

/** Something that may be switched on: what it asks, what it needs, of how many it is true. */
export function Item({ item, names, may, busy, turn }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const lacking = names.filter(({ key, there }) => item.uses.includes(key) && !there);
  return (
    <li data-item={item.id} data-state={item.state}>
      <div className="templates-head">
        <h3>
          {item.state === "off" ? (
            item.name
          ) : (
            <Link to={PATHS[item.kind] as never} params={{ id: item.made } as never}>
              {item.name}
            </Link>
          )}
        </h3>
        {item.state !== "off" && (
          <span className="templates-state">{t(`templates.state.${item.state}`)}</span>
        )}
        {item.count !== null && (
          <span className="soft">
            {t("templates.people", { people: format.count(item.count) })}
          </span>
        )}
        <span className="templates-tools">
          {may && <Turn item={item} busy={busy} turn={turn} />}
        </span>
      </div>
      <p>{item.meaning}</p>
      <ul className="templates-parts">
        {item.parts.map(({ label, sentence }) => (
          <li key={`${label} ${sentence}`}>
            {label && <b>{label} </b>}
            {sentence}
          </li>
        ))}
      </ul>
      {!item.ready && (
        <p className="templates-lacking">
          {lacking.length > 0 ? (
            t("templates.lacking", {
              names: lacking
                .map(({ title, name }) => t("templates.called", { title, name }))
                .join(t("templates.comma")),
            })
          ) : (
            <Said text={item.problems.join("; ")} />
          )}
        </p>
      )}
      {item.weighed_by.length > 0 && (
        <p className="soft">
          {t("templates.weighed_by", { rules: item.weighed_by.join(t("templates.comma")) })}
        </p>
      )}
    </li>
  );
}

function Turn({ item, busy, turn }: Pick<Shown, "item" | "busy" | "turn">) {
  const { t } = useTranslation();
  const [name, rule] = [item.name, item.kind === "rule"];
  return (
    <>
      {item.state === "changed" && item.ready && (
        <Button
          size="small"
          disabled={busy}
          aria-label={t("templates.replace_of", { name })}
          onClick={() => turn(true, true)}
        >
          {t("templates.replace")}
        </Button>
      )}
      {item.state === "off" ? (
        <Button
          size="small"
          disabled={busy || !item.ready}
          aria-label={t(rule ? "templates.propose_of" : "templates.on_of", { name })}
          onClick={() => turn(true)}
        >
          {t(rule ? "templates.propose" : "templates.on")}
        </Button>
      ) : (
        <Popconfirm
          title={t(rule ? "templates.leave_sure" : "templates.off_sure", { name })}
          onConfirm={() => turn(false)}
        >
          <Button size="small" disabled={busy} aria-label={t("templates.off_of", { name })}>
            {t("templates.off")}
          </Button>
        </Popconfirm>
      )}
    </>
  );
}
