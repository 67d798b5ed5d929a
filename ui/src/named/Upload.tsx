import { UploadOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Input, Upload as Picker } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client";
import type { components } from "../api/schema";
import { Said } from "../refusals/Said";
import { useFormat } from "../shell/format";
import { Failure } from "../shell/Told";
import { anew } from "./asked";
import "./named.css";

type Uploaded = components["schemas"]["Uploaded"] | components["schemas"]["TagUploaded"];

interface Shown {
  kind: "segments" | "tags";
  title: string;
  /** How the file is to be written. */
  how: string;
  /** What the button says. */
  label: string;
  close: () => void;
}

/** Takes a list of people, told by identifiers, under a name. */
export function Upload({ kind, title, how, label, close }: Shown) {
  const { t } = useTranslation();
  const id = useId();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [file, setFile] = useState<File>();
  const send = useMutation({
    mutationFn: async (list: File) => {
      const query = new URLSearchParams({ name: name.trim() });
      const answer = await ask(`${location.origin}/api/${kind}/upload?${query}`, {
        method: "POST",
        body: list,
        headers: { "Content-Type": "text/plain" },
      });
      return (await answer.json()) as Uploaded;
    },
    onSuccess: () => anew(client),
  });
  const choose = (chosen: File) => {
    setFile(chosen);
    if (name === "") setName(chosen.name.replace(/\.\w+$/, "").slice(0, 100));
    return false;
  };
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      <p className="soft">{how}</p>
      {send.data ? (
        <Outcome kind={kind} done={send.data} />
      ) : (
        <div className="named-form">
          <Picker accept=".csv,.txt" maxCount={1} showUploadList={false} beforeUpload={choose}>
            <Button icon={<UploadOutlined />}>{file?.name ?? t("named.choose_file")}</Button>
          </Picker>
          <label htmlFor={id}>{t("named.name")}</label>
          <Input
            id={id}
            value={name}
            maxLength={100}
            onChange={({ target }) => setName(target.value)}
          />
          {send.error && <Failure error={send.error} />}
        </div>
      )}
      <div className="named-bar named-foot">
        {!send.data && (
          <Button
            type="primary"
            disabled={!file || name.trim() === ""}
            loading={send.isPending}
            onClick={() => file && send.mutate(file)}
          >
            {label}
          </Button>
        )}
        <Button onClick={close}>{t(send.data ? "named.close" : "named.cancel")}</Button>
      </div>
    </section>
  );
}

function Outcome({ kind, done }: { kind: Shown["kind"]; done: Uploaded }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <Alert
        type={done.refusals > 0 ? "warning" : "success"}
        showIcon
        title={
          <>
            {t("named.uploaded", {
              found: format.count(done.found),
              unknown: format.count(done.unknown),
              refused: format.count(done.refusals),
            })}{" "}
            <Link
              className="named-link"
              to={`/${kind}/$id` as never}
              params={{ id: done.id } as never}
            >
              {done.name}
            </Link>
          </>
        }
      />
      {done.refused.length > 0 && (
        <ul className="named-faults">
          {done.refused.map((one) => (
            <li key={String(one.line)}>
              {t("named.line", { line: String(one.line) })}: <code>{String(one.text)}</code>{" "}
              <Said text={String(one.reason)} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
