import { useTranslation } from "react-i18next";
import { ExportButton } from "../shell/ExportButton";
import { useMay } from "../shell/session";

/** All that is held of a person, to hand out on request. */
export function PersonFile({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const may = useMay("analyst");
  const from = (format: string) =>
    `/api/profiles/${id}/export?format=${format}&lang=${i18n.language}`;
  const files = [
    { label: t("profiles.export_page"), from: from("html"), name: `${id}.html` },
    { label: t("profiles.export_json"), from: from("json"), name: `${id}.json` },
  ];
  return <ExportButton files={files} disabled={!may} />;
}
