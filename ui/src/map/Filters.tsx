import { Button, Input, Select } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { BANDS } from "../shell/theme";
import { Among } from "../sorting/Among";
import { Field } from "./Field";
import { useOutlets } from "./outlets";
import { CHANNELS, FILTERS, filters, PRECISIONS, type View, viewOf } from "./view";

type Change = (patch: Partial<View>) => void;

/** Whom the map leaves out. */
export default function Filters({ view, change }: { view: View; change: Change }) {
  const { t } = useTranslation();
  const outlets = useOutlets(true);
  const [trait, setTrait] = useState(view.trait);
  useEffect(() => setTrait(view.trait), [view.trait]);
  const wrong = trait !== "" && !/^[^:]+:.+/.test(trait);
  const any = { value: "", label: t("map.any") };
  const all = Object.fromEntries(FILTERS.map((name) => [name, viewOf({})[name]]));
  return (
    <section className="panel map-filters" aria-label={t("map.filters")}>
      <Field label={t("map.band")}>
        <Select
          value={view.band}
          onChange={(band) => change({ band })}
          options={[any, ...BANDS.map((value) => ({ value, label: t(`shell.bands.${value}`) }))]}
        />
      </Field>
      <Field label={t("map.who")}>
        <Select
          value={view.who}
          onChange={(who) => change({ who })}
          options={(["known", "anonymous", "all"] as const).map((value) => ({
            value,
            label: t(`map.whos.${value}`),
          }))}
        />
      </Field>
      <Field label={t("map.channel")}>
        <Select
          value={view.channel}
          onChange={(channel) => change({ channel })}
          options={[
            any,
            ...CHANNELS.map((value) => ({ value, label: t(`map.channels.${value}`) })),
          ]}
        />
      </Field>
      <Field label={t("map.precision")}>
        <Select
          value={view.precision}
          onChange={(precision) => change({ precision })}
          options={
            PRECISIONS.map((value) =>
              value ? { value, label: t("map.within", { metres: value }) } : any,
            ) as { value: View["precision"]; label: string }[]
          }
        />
      </Field>
      <Field label={t("map.trait")}>
        <Input
          value={trait}
          status={wrong ? "error" : undefined}
          placeholder={t("map.trait_form")}
          onChange={(event) => setTrait(event.target.value)}
          onBlur={() => !wrong && change({ trait })}
          onPressEnter={() => !wrong && change({ trait })}
        />
      </Field>
      <Field label={t("map.outlet.filter")}>
        <Select
          value={view.outlet}
          showSearch={{ optionFilterProp: "label" }}
          onChange={(outlet) => change({ outlet })}
          options={[
            any,
            ...(outlets.data?.items ?? []).map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
      </Field>
      <Field label={t("sorting.among")}>
        <Among value={view.among} change={(among) => change({ among })} none={any.label} />
      </Field>
      <Field label={t("map.from")}>
        <Input
          type="date"
          value={view.from}
          onChange={(event) => change({ from: event.target.value })}
        />
      </Field>
      <Field label={t("map.to")}>
        <Input
          type="date"
          value={view.to}
          onChange={(event) => change({ to: event.target.value })}
        />
      </Field>
      <Button disabled={filters(view) === 0} onClick={() => change(all)}>
        {t("map.unfiltered")}
      </Button>
    </section>
  );
}
