import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import { type Cell, Sheet } from "../shell/Sheet";
import { Answer } from "../shell/Told";
import { Keep } from "./Keep";
import { Written } from "./PaceForm";
import { type States as Found, three, useStates, type View, WINDOWS } from "./view";

type State = Found["states"][number];

/** Who ordered never, once and how often. */
export function States({ view, put }: { view: View; put: (patch: Partial<View>) => void }) {
  const { t } = useTranslation();
  const found = useStates(view);
  return (
    <section className="panel" aria-labelledby="lifecycle-states">
      <h2 id="lifecycle-states">{t("lifecycle.states")}</h2>
      <p className="soft">{t("lifecycle.states_about")}</p>
      <div className="lifecycle-form">
        <div className="lifecycle-field">
          <span className="lifecycle-field-name">{t("lifecycle.window")}</span>
          <Select
            aria-label={t("lifecycle.window")}
            value={view.window}
            onChange={(window) => put({ window })}
            options={WINDOWS.map((days) => ({
              value: days,
              label:
                days === "0" ? t("lifecycle.windows.ever") : t("lifecycle.windows.d", { days }),
            }))}
          />
        </div>
        <Written
          label={t("lifecycle.ends")}
          value={view.ends || "2, 4, 10"}
          put={(value) => put({ ends: three(value) ?? "" })}
        />
      </div>
      <Answer of={found}>{(told) => <Listed found={told} />}</Answer>
    </section>
  );
}

function Listed({ found }: { found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const often = ({ least, most }: State) => {
    if (most === null) return t("lifecycle.at_least", { least });
    return t(least === most ? "lifecycle.exactly" : "lifecycle.from_to", { least, most });
  };
  const cells: Cell<State>[] = [
    {
      key: "name",
      title: t("lifecycle.stage"),
      head: true,
      show: (one) => t(`lifecycle.state.${one.name}`),
    },
    { key: "orders", title: t("lifecycle.orders"), number: true, show: often },
    {
      key: "profiles",
      title: t("lifecycle.profiles"),
      number: true,
      show: (one) => <span data-state={one.name}>{format.count(one.profiles)}</span>,
    },
    {
      key: "share",
      title: t("lifecycle.share"),
      number: true,
      show: (one) => format.percent(one.share),
    },
    {
      key: "keep",
      title: t("lifecycle.keep"),
      show: (one) => {
        const name = t(`lifecycle.state.${one.name}`);
        return (
          <Keep name={`${name} ${often(one)}`} about={often(one)} rule={one.rule} label={name} />
        );
      },
    },
  ];
  return (
    <Sheet
      label={t("lifecycle.states")}
      columns={cells}
      rows={found.states}
      rowKey={(one) => one.name}
    />
  );
}
