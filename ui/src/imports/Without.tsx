import { Alert } from "antd";
import { useTranslation } from "react-i18next";

/** What no column of a file tells, and what will be missing for it. */
export function Without({ of }: { of: string[] }) {
  const { t } = useTranslation();
  return of.map((one) => (
    <Alert
      key={one}
      className="imports-gap"
      type="info"
      showIcon
      title={t(`imports.without.${one}`)}
      description={t(`imports.without.${one}_next`)}
    />
  ));
}
