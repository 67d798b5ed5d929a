import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { useThere } from "../segments/bench";
import { fieldsOf, plainField } from "../segments/questions";
import { type Edited, useSetting } from "./setting";

/** By what events or people are told apart; empty for nothing. */
export function Dimension({ label, value, change }: Edited<string>) {
  const { t, i18n } = useTranslation();
  const there = useThere();
  const { dimensions } = useSetting();
  const fixed = (name: string) =>
    i18n.exists(`analytics.dimensions.${name}`) ? t(`analytics.dimensions.${name}`) : name;
  const some = (start: string, names: [string, string][]) =>
    names.map(([id, name]) => ({ value: `${start}:${id}`, label: name }));
  const schemes = Object.entries(there.schemes ?? {});
  const groups = [
    {
      label: t("analytics.kinds.event"),
      options: dimensions.map((name) => ({ value: name, label: fixed(name) })),
    },
    {
      label: t("analytics.kinds.property"),
      options: Object.keys(fieldsOf(null, there))
        .filter(plainField)
        .map((field) => ({ value: field, label: plainField(field) })),
    },
    {
      label: t("analytics.kinds.tier"),
      options: some(
        "tier",
        schemes.map(([id, { name }]) => [id, name]),
      ),
    },
    {
      label: t("analytics.kinds.segment"),
      options: some("segment", Object.entries(there.segments ?? {})),
    },
  ];
  return (
    <Select
      aria-label={label}
      value={value}
      options={[
        { value: "", label: t("analytics.no_dimension") },
        ...groups.filter(({ options }) => options.length > 0),
      ]}
      onChange={change}
      showSearch={{ optionFilterProp: "label" }}
      popupMatchSelectWidth={false}
    />
  );
}
