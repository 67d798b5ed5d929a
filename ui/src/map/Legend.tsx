import { useTranslation } from "react-i18next";
import { useFormat } from "../shell/format";
import type { Step } from "./colours";
import type { Colouring } from "./view";

/** What each step of a legend is called: where it begins and ends, with units. */
export function useStepNames() {
  const { t } = useTranslation();
  const format = useFormat();
  return (steps: Step[], colouring: Colouring): string[] => {
    const told = (value: number) => {
      if (colouring === "change") return `${value > 0 ? "+" : ""}${format.number(value, 0)}`;
      if (colouring === "mean") return format.number(value, 0);
      return colouring === "hot" ? format.percent(value) : format.count(value);
    };
    const unit = colouring === "mean" || colouring === "change" ? " °C" : "";
    return steps.map(({ from }, at) => {
      const next = steps[at + 1];
      if (!next) return `≥ ${told(from)}${unit}`;
      if (from === Number.NEGATIVE_INFINITY) return `< ${told(next.from)}${unit}`;
      const last = colouring === "count" ? next.from - 1 : next.from;
      if (last === from) return told(from);
      return t("map.range", { from: told(from), to: `${told(last)}${unit}` });
    });
  };
}

/** What the colours mean. */
export function Legend({ steps, colouring }: { steps: Step[]; colouring: Colouring }) {
  const { t } = useTranslation();
  const names = useStepNames()(steps, colouring);
  return (
    <figure className="map-legend" aria-label={t("map.legend")}>
      <figcaption>{t(`map.colourings.${colouring}`)}</figcaption>
      <ul>
        {steps.map((step, at) => (
          <li key={step.colour}>
            <span className="map-swatch" style={{ background: step.colour }} />
            {names[at]}
          </li>
        ))}
        <li>
          <span className="map-swatch map-none" />
          {t("map.none")}
        </li>
      </ul>
    </figure>
  );
}
