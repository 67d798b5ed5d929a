import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDistricts } from "./asked";
import { type Edited, useBench } from "./bench";
import { Amount, Choice, Choices, type Option } from "./Fields";

const ALL = "all";
const PROVINCE = 2;

/** Districts with the names above them, those of one province or all. */
export function located(names: Record<string, string>, province: string): Option[] {
  return Object.entries(names)
    .filter(([code]) => province === ALL || code.startsWith(province))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, name]) => {
      const above = [2, 4].filter((digits) => digits < code.length);
      const path = above.map((digits) => names[code.slice(0, digits)]).filter(Boolean);
      return { value: code, label: [...path, name].join(" / ") };
    });
}

/** Provinces, cities and districts; a province narrows what there is to choose from. */
export function District({ body, change }: Edited) {
  const { t } = useTranslation();
  const { data } = useDistricts(true);
  const [province, narrow] = useState(ALL);
  const names = data?.names;
  const options = useMemo(() => located(names ?? {}, province), [names, province]);
  const all = useMemo(
    () => new Map(located(names ?? {}, ALL).map((one) => [one.value, one])),
    [names],
  );
  const provinces = Object.entries(names ?? {}).filter(([code]) => code.length === PROVINCE);
  const chosen = body.any_of as string[];
  // What was chosen elsewhere keeps its name.
  const others = chosen.flatMap((code) => {
    const known = all.get(code);
    return known && !options.includes(known) && province !== ALL ? [known] : [];
  });
  return (
    <>
      <Choice
        label={t("segments.province")}
        value={province}
        width={140}
        options={[
          { value: ALL, label: t("segments.all_provinces") },
          ...provinces.map(([value, label]) => ({ value, label })),
        ]}
        change={narrow}
      />
      <Choices
        label={t("segments.districts")}
        values={chosen}
        options={[
          ...options,
          ...others.filter((one) => !options.some((o) => o.value === one.value)),
        ]}
        change={(any_of) => change({ any_of })}
      />
    </>
  );
}

export function TradeArea({ body, change }: Edited) {
  const { t } = useTranslation();
  const { there } = useBench();
  return (
    <Choices
      label={t("segments.areas")}
      values={body.any_of as string[]}
      options={Object.entries(there.areas).map(([value, label]) => ({ value, label }))}
      change={(any_of) => change({ any_of })}
    />
  );
}

export function Near({ body, change }: Edited) {
  const { t } = useTranslation();
  const { there } = useBench();
  return (
    <>
      <Choice
        label={t("segments.outlet")}
        value={body.outlet as string}
        width={180}
        options={Object.entries(there.outlets).map(([value, label]) => ({ value, label }))}
        change={(outlet) => change({ outlet })}
      />
      <span>{t("segments.at_most")}</span>
      <Amount
        label={t("segments.distance")}
        value={body.metres as number}
        least={1}
        unit={t("segments.metres")}
        change={(metres) => change({ metres })}
      />
    </>
  );
}
