import { Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Naming } from "../named/Naming";
import type { ShortLink } from "./asked";
import "./links.css";

const FIELDS = ["target", "channel", "staff", "code"] as const;

/** Asks where a link leads and what it tells. */
export function Form({ kept, done }: { kept?: ShortLink; done: () => void }) {
  const { t } = useTranslation();
  const base = useId();
  const [said, say] = useState({
    target: kept?.target ?? "",
    channel: kept?.channel ?? "",
    staff: kept?.staff ?? "",
    code: kept?.code ?? "",
  });
  const blocked = !/^https?:\/\/\S+$/.test(said.target);
  return (
    <Naming
      kind="links"
      kept={kept}
      said={said}
      blocked={blocked}
      copies={false}
      done={done}
      cancel={done}
    >
      {FIELDS.map((name) => (
        <label className="links-field" key={name} htmlFor={base + name}>
          <span>{t(`links.${name}`)}</span>
          <Input
            id={base + name}
            value={said[name]}
            placeholder={t(`links.${name}_hint`)}
            onChange={({ target }) => say({ ...said, [name]: target.value })}
          />
        </label>
      ))}
      {kept && said.code !== kept.code && <p className="links-bad">{t("links.code_warning")}</p>}
    </Naming>
  );
}
