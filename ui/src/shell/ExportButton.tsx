import { DownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Choices } from "./Choices";

export interface Export {
  /** CSV, JSON Lines: what the person chooses between. */
  label: string;
  /** Where the file comes from: an address of the API, or a function that makes it here. */
  from: string | (() => Blob | Promise<Blob>);
  /** What it is called on disk. */
  name: string;
}

async function save({ from, name }: Export): Promise<void> {
  const link = document.createElement("a");
  const own = typeof from === "string" ? "" : URL.createObjectURL(await from());
  link.href = own || (from as string);
  link.download = name;
  link.click();
  if (own) URL.revokeObjectURL(own);
}

/** What is shown, as a file. */
export function ExportButton({ files, disabled }: { files: Export[]; disabled?: boolean }) {
  const { t } = useTranslation();
  const items = files.map((file, key) => ({ key, label: file.label, onClick: () => save(file) }));
  return (
    <Choices menu={{ items }} disabled={disabled}>
      <Button icon={<DownloadOutlined />}>{t("shell.export")}</Button>
    </Choices>
  );
}

/** Rows as CSV that spreadsheets read as UTF-8 and never run as formulas. */
export function csv(columns: string[], rows: (string | number | null | undefined)[][]): Blob {
  const cell = (value: string | number | null | undefined) => {
    const text = value === null || value === undefined ? "" : String(value);
    const inert = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
  };
  const lines = [columns, ...rows].map((row) => row.map(cell).join(","));
  return new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv;charset=utf-8" });
}
