import { useTranslation } from "react-i18next";
import { Asked } from "./Asked";
import { type Edited, useBench } from "./bench";
import { firstQuestion } from "./blanks";
import { Choice, Choices, Length } from "./Fields";
import { BANDS, type Span, STAGES, STATES, type Tested } from "./leaves";
import { kindOfTrait } from "./questions";

const plain = (names: Iterable<string>) => [...names].map((name) => ({ value: name, label: name }));

export function Trait({ body, change }: Edited) {
  const { t } = useTranslation();
  const { there } = useBench();
  const name = body.name as string;
  return (
    <>
      <Choice
        label={t("segments.trait")}
        value={name}
        width={160}
        options={plain(Object.keys(there.traits))}
        change={(one) => change({ name: one, ...firstQuestion(kindOfTrait(one, there)) })}
      />
      {name !== "" && (
        <Asked
          test={body as unknown as Tested}
          kind={kindOfTrait(name, there)}
          change={({ op, value }) => change({ op, value })}
        />
      )}
    </>
  );
}

export function Degrees({ body, change }: Edited) {
  return (
    <Asked
      test={body as unknown as Tested}
      kind="number"
      unit="°C"
      change={({ op, value }) => change({ op, value })}
    />
  );
}

export function Band({ body, change }: Edited) {
  const { t } = useTranslation();
  return (
    <Choices
      label={t("segments.bands")}
      values={body.any_of as string[]}
      options={STATES.map((one) => ({ value: one, label: t(`segments.states.${one}`) }))}
      change={(any_of) => change({ any_of })}
    />
  );
}

export function NextBand({ body, change }: Edited) {
  const { t } = useTranslation();
  const to = (body.any_of ?? []) as string[];
  return (
    <>
      <Length
        label={t("segments.how_long")}
        span={body.within as Span}
        change={(within) => change({ within })}
      />
      <span>{t("segments.will_be")}</span>
      <Choices
        label={t("segments.any_band")}
        values={to}
        options={BANDS.map((one) => ({ value: one, label: t(`segments.states.${one}`) }))}
        change={(any_of) => change({ any_of: any_of.length > 0 ? any_of : undefined })}
      />
    </>
  );
}

export function Tag({ body, change }: Edited) {
  const { t } = useTranslation();
  const { there } = useBench();
  const tags = there.tags ?? {};
  const values = tags[body.id as string]?.values ?? [];
  const some = (body.any_of ?? []) as string[];
  return (
    <>
      <Choice
        label={t("segments.leaf.tag")}
        value={body.id as string}
        width={160}
        options={Object.entries(tags).map(([value, { name }]) => ({ value, label: name }))}
        change={(id) => change({ id, any_of: undefined })}
      />
      {(values.length > 0 || some.length > 0) && (
        <Choices
          label={t("segments.any_value")}
          values={some}
          options={plain(values)}
          change={(any_of) => change({ any_of: any_of.length > 0 ? any_of : undefined })}
        />
      )}
    </>
  );
}

export function Score({ body, change }: Edited) {
  const { t } = useTranslation();
  const { there } = useBench();
  return (
    <>
      <Choice
        label={t("segments.leaf.score")}
        value={body.id as string}
        width={160}
        options={Object.entries(there.scores ?? {}).map(([value, label]) => ({ value, label }))}
        change={(id) => change({ id })}
      />
      <Asked
        test={body as unknown as Tested}
        kind="number"
        unit={t("segments.points")}
        change={({ op, value }) => change({ op, value })}
      />
    </>
  );
}

export function Tier({ body, change }: Edited) {
  const { t } = useTranslation();
  const { there } = useBench();
  const schemes = there.schemes ?? {};
  return (
    <>
      <Choice
        label={t("segments.leaf.tier")}
        value={body.id as string}
        width={160}
        options={Object.entries(schemes).map(([value, { name }]) => ({ value, label: name }))}
        change={(id) => change({ id, any_of: [] })}
      />
      <Choices
        label={t("segments.tiers")}
        values={body.any_of as string[]}
        options={plain(schemes[body.id as string]?.tiers ?? [])}
        change={(any_of) => change({ any_of })}
      />
    </>
  );
}

export function Lifecycle({ body, change }: Edited) {
  const { t } = useTranslation();
  return (
    <Choices
      label={t("segments.leaf.lifecycle")}
      values={body.any_of as string[]}
      options={STAGES.map((one) => ({ value: one, label: t(`segments.stages.${one}`) }))}
      change={(any_of) => change({ any_of })}
    />
  );
}

export function Member({ body, change }: Edited) {
  const { t } = useTranslation();
  const { segments } = useBench().there;
  const names = Object.entries(segments ?? {});
  return (
    <Choice
      label={t("segments.leaf.segment")}
      value={body.id as string}
      width={180}
      options={names.map(([value, label]) => ({ value, label }))}
      change={(id) => change({ id })}
    />
  );
}

export function Identifier({ body, change }: Edited) {
  const { t } = useTranslation();
  const { there } = useBench();
  return (
    <Choice
      label={t("segments.leaf.identifier")}
      value={body.kind as string}
      options={there.identifiers.map((kind) => ({
        value: kind,
        label: t(`segments.ids.${kind}`, { defaultValue: kind }),
      }))}
      change={(kind) => change({ kind })}
    />
  );
}

const ALL = "\u0000all";

export function Consent({ body, change }: Edited) {
  const { t } = useTranslation();
  const { there } = useBench();
  const given = body.given !== false;
  return (
    <>
      <Choice
        label={t("segments.decision")}
        value={given ? "given" : "withdrawn"}
        options={[
          { value: "given", label: t("segments.given") },
          { value: "withdrawn", label: t("segments.withdrawn") },
        ]}
        change={(one) => change({ given: one === "given" })}
      />
      <Choice
        label={t("segments.purpose")}
        value={body.purpose as string}
        options={plain(there.purposes)}
        change={(purpose) => change({ purpose })}
      />
      <Choice
        label={t("segments.channel")}
        value={(body.channel as string) || ALL}
        options={[{ value: ALL, label: t("segments.all_channels") }, ...plain(there.channels)]}
        change={(one) => change({ channel: one === ALL ? undefined : one })}
      />
    </>
  );
}
