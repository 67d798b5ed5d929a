import { SearchOutlined } from "@ant-design/icons";
import { Link, useNavigate } from "@tanstack/react-router";
import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import type { components } from "../api/schema";
import { useMay } from "./session";
import { Temperature } from "./Temperature";

type Found = components["schemas"]["FoundProfile"];

const SHOWN = 8;
const TO = "/profiles/$id" as never;

/** Opens a profile by any of its identifiers. */
export default function Search() {
  const { t } = useTranslation();
  const may = useMay("operator");
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Found[]>();
  if (!may) return null;
  const close = () => setFound(undefined);
  const done = () => {
    setText("");
    close();
  };
  const search = async (q: string) => {
    if (!q.trim()) return;
    const query = { q: q.trim(), limit: SHOWN, detail: true };
    const answer = await told(api.GET("/api/profiles", { params: { query } })).catch(
      () => undefined,
    );
    const only = answer?.items.length === 1 ? answer.items[0] : undefined;
    if (!only) {
      setFound(answer?.items ?? []);
      return;
    }
    done();
    await navigate({ to: TO, params: { id: only.id } as never });
  };
  return (
    <search
      className="search"
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) close();
      }}
      onKeyDown={({ key }) => key === "Escape" && close()}
    >
      <Input
        prefix={<SearchOutlined />}
        value={text}
        placeholder={t("shell.search.hint")}
        aria-label={t("shell.search.label")}
        onChange={({ target }) => {
          setText(target.value);
          close();
        }}
        onPressEnter={() => void search(text)}
      />
      {found && (
        <div className="search-found" role="status">
          {found.length === 0 && <p className="soft">{t("shell.search.nothing")}</p>}
          {found.map((one) => (
            <Link key={one.id} to={TO} params={{ id: one.id } as never} onClick={done}>
              <span>{meant(one, text)}</span>
              <Temperature value={one.temperature} band={one.band} />
            </Link>
          ))}
        </div>
      )}
    </search>
  );
}

/** The identifier of a profile that was meant, as well as one can tell. */
function meant(found: Found, q: string): string {
  const wanted = q.toLowerCase();
  const all = (found.identifiers ?? []).map((one) => `${one.kind}:${one.value}`);
  return all.find((one) => one.toLowerCase().includes(wanted)) ?? all[0] ?? found.id;
}
