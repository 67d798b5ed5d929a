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

type Uploaded = components["schemas"]["TagUploaded"];

/** Puts a tag on the people of a file; a new one where none has its name. */
export function Upload({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [file, setFile] = useState<File>();
  const send = useMutation({
    mutationFn: async (list: File) => {
      const query = new URLSearchParams({ name: name.trim() });
      const answer = await ask(`${location.origin}/api/tags/upload?${query}`, {
        method: "POST",
        body: list,
        headers: { "Content-Type": "text/plain" },
      });
      return (await answer.json()) as Uploaded;
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["tags"] }),
  });
  const choose = (chosen: File) => {
    setFile(chosen);
    if (name === "") setName(chosen.name.replace(/\.\w+$/, "").slice(0, 100));
    return false;
  };
  return (
    <section className="panel tags-form" aria-label={t("tags.upload")}>
      <h2>{t("tags.upload")}</h2>
      <p className="soft">{t("tags.upload_how")}</p>
      {send.data ? (
        <Outcome done={send.data} />
      ) : (
        <>
          <Picker accept=".csv,.txt" maxCount={1} showUploadList={false} beforeUpload={choose}>
            <Button icon={<UploadOutlined />}>{file?.name ?? t("tags.choose_file")}</Button>
          </Picker>
          <label htmlFor={id}>{t("tags.name")}</label>
          <Input
            id={id}
            value={name}
            maxLength={100}
            onChange={({ target }) => setName(target.value)}
          />
          {send.error && <Failure error={send.error} />}
        </>
      )}
      <div className="tags-bar">
        {!send.data && (
          <Button
            type="primary"
            disabled={!file || name.trim() === ""}
            loading={send.isPending}
            onClick={() => file && send.mutate(file)}
          >
            {t("tags.put_on")}
          </Button>
        )}
        <Button onClick={close}>{t(send.data ? "tags.close" : "tags.cancel")}</Button>
      </div>
    </section>
  );
}

function Outcome({ done }: { done: Uploaded }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <Alert
        type={done.refusals > 0 ? "warning" : "success"}
        showIcon
        title={
          <>
            {t("tags.uploaded", {
              found: format.count(done.found),
              unknown: format.count(done.unknown),
              refused: format.count(done.refusals),
            })}{" "}
            <Link className="tags-link" to={"/tags/$id" as never} params={{ id: done.id } as never}>
              {done.name}
            </Link>
          </>
        }
      />
      {done.refused.length > 0 && (
        <ul className="tags-faults">
          {done.refused.map((one) => (
            <li key={String(one.line)}>
              {t("tags.line", { line: String(one.line) })}: <code>{String(one.text)}</code>{" "}
              <Said text={String(one.reason)} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
