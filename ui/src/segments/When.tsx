import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { Choice, Length } from "./Fields";
import type { Moment, Window } from "./leaves";

const WAYS = ["ever", "last", "between"] as const;
type Way = (typeof WAYS)[number];
const ENDS = ["open", "ago", "ahead", "at"] as const;
type End = (typeof ENDS)[number];

interface Shown {
  label: string;
  window: Window;
  change: (window: Window) => void;
  /** Only what has happened: nothing lies ahead. */
  past?: boolean;
}

/** From a moment to another: at any time, in the last days, or two moments of any kind. */
export function When({ label, window, change, past = false }: Shown) {
  const { t } = useTranslation();
  const way = wayOf(window);
  const from = window.from ?? {};
  const choose = (next: Way) => {
    if (next === "ever") change({});
    if (next === "last") change({ from: { ago: from.ago || 30, unit: from.unit ?? "day" } });
    if (next === "between") change({ from: window.from ?? { ago: 30 }, to: { ago: 0 } });
  };
  return (
    <span className="segments-when">
      <Choice<Way>
        label={label}
        value={way}
        options={WAYS.map((one) => ({ value: one, label: t(`segments.when.${one}`) }))}
        change={choose}
      />
      {way === "last" && (
        <Length
          label={t("segments.how_long")}
          span={{ amount: from.ago ?? 30, unit: from.unit }}
          change={({ amount, unit }) => change({ from: { ago: amount, unit } })}
        />
      )}
      {way === "between" && (
        <>
          <Point
            label={t("segments.from")}
            open={t("segments.when.begin")}
            moment={window.from}
            past={past}
            change={(one) => change(told({ ...window, from: one }))}
          />
          <span>{t("segments.to")}</span>
          <Point
            label={t("segments.until")}
            open={t("segments.when.end")}
            moment={window.to}
            past={past}
            change={(one) => change(told({ ...window, to: one }))}
          />
        </>
      )}
    </span>
  );
}

/** Which of the ways says this window. */
export function wayOf({ from, to }: Window): Way {
  if (!from && !to) return "ever";
  const last = !to && typeof from?.ago === "number" && from.ago > 0;
  return last ? "last" : "between";
}

function told({ from, to }: Window): Window {
  return { ...(from && { from }), ...(to && { to }) };
}

interface Ended {
  label: string;
  open: string;
  moment: Moment | null | undefined;
  past: boolean;
  change: (moment: Moment | undefined) => void;
}

function endOf(moment: Moment | null | undefined): End {
  if (!moment) return "open";
  if (typeof moment.at === "string") return "at";
  return typeof moment.ahead === "number" ? "ahead" : "ago";
}

/** One end of a window. */
function Point({ label, open, moment, past, change }: Ended) {
  const { t } = useTranslation();
  const end = endOf(moment);
  const unit = moment?.unit ?? "day";
  const amount = moment?.ago ?? moment?.ahead ?? 30;
  const choose = (next: End) => {
    if (next === "open") change(undefined);
    if (next === "at") change({ at: "" });
    if (next === "ago") change({ ago: amount, unit });
    if (next === "ahead") change({ ahead: amount, unit });
  };
  const ends = ENDS.filter((one) => one !== "ahead" || !past || end === "ahead");
  return (
    <span className="segments-unit">
      <Choice<End>
        label={label}
        value={end}
        options={ends.map((one) => ({
          value: one,
          label: one === "open" ? open : t(`segments.when.${one}`),
        }))}
        change={choose}
      />
      {(end === "ago" || end === "ahead") && (
        <Length
          label={t("segments.how_long")}
          span={{ amount, unit }}
          least={0}
          change={(span) => change({ [end]: span.amount, unit: span.unit })}
        />
      )}
      {end === "at" && (
        <Day value={moment?.at ?? ""} label={label} change={(at) => change({ at })} />
      )}
    </span>
  );
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** A day of the pool; what is more exact than a day stays a text. */
function Day({
  value,
  label,
  change,
}: {
  value: string;
  label: string;
  change: (at: string) => void;
}) {
  const { t } = useTranslation();
  const plain = value === "" || DAY.test(value);
  return (
    <Input
      className="segments-day"
      type={plain ? "date" : "text"}
      aria-label={t("segments.date_of", { end: label })}
      value={value}
      onChange={({ target }) => change(target.value)}
    />
  );
}
