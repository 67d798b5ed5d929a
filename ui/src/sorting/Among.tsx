import { InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { STAGES } from "../lifecycle/view";
import { CLASSES } from "../rfm/asked";
import { useSegments } from "../segments/kept";
import { useTags } from "../tags/asked";
import { parted, scored } from "./among";
import { useKept } from "./asked";

interface Given {
  /** As the API takes it: `tier:ID:TIER`; empty for everybody. */
  value: string;
  change: (value: string) => void;
  /** What everybody is called. */
  none: string;
  label?: string;
}

/** Narrows to those whom one thing means that sorts people. */
export function Among({ value, change, none, label }: Given) {
  const { t } = useTranslation();
  const options = useOptions(none);
  const { kind, id, rest } = parted(value);
  const score = kind === "score";
  return (
    <>
      <Select
        value={score ? `score:${id}` : value}
        options={options}
        showSearch={{ optionFilterProp: "label" }}
        popupMatchSelectWidth={false}
        onChange={(chosen) => change(scored(chosen))}
        aria-label={label}
      />
      {score && (
        <InputNumber
          value={Number(rest)}
          onChange={(least) => change(`score:${id}:${least ?? 0}`)}
          prefix="≥"
          suffix={t("sorting.points_unit")}
          aria-label={t("sorting.least")}
        />
      )}
    </>
  );
}

function useOptions(none: string) {
  const { t } = useTranslation();
  const segments = useSegments().data?.items ?? [];
  const tags = useTags().data?.items ?? [];
  const schemes = useKept("tiers").data?.items ?? [];
  const groups = useKept("groups").data?.items ?? [];
  const scores = useKept("scores").data?.items ?? [];
  const said = [
    {
      label: t("segments.title"),
      options: segments.map(({ id, name }) => ({ value: `segment:${id}`, label: name })),
    },
    {
      label: t("tags.title"),
      options: tags.flatMap(({ id, name, values }) => [
        { value: `tag:${id}`, label: name },
        ...values
          .filter((one) => one.value !== "")
          .map((one) => ({ value: `tag:${id}:${one.value}`, label: `${name}: ${one.value}` })),
      ]),
    },
    {
      label: t("sorting.tiers"),
      options: schemes.flatMap(({ id, name, tiers }) =>
        tiers.map((tier) => ({ value: `tier:${id}:${tier.name}`, label: `${name}: ${tier.name}` })),
      ),
    },
    {
      label: t("sorting.groups"),
      options: groups.map(({ id, name }) => ({ value: `group:${id}`, label: name })),
    },
    {
      label: t("sorting.scores"),
      options: scores.map(({ id, name }) => ({ value: `score:${id}`, label: name })),
    },
    {
      label: t("rfm.title"),
      options: CLASSES.map((name) => ({
        value: `rfm:${name}`,
        label: `${t("rfm.title")}: ${t(`rfm.names.${name}`)}`,
      })),
    },
    {
      label: t("lifecycle.title"),
      options: STAGES.map((name) => ({
        value: `lifecycle:${name}`,
        label: `${t("lifecycle.title")}: ${t(`lifecycle.names.${name}`)}`,
      })),
    },
  ];
  return [{ value: "", label: none }, ...said.filter(({ options }) => options.length > 0)];
}
