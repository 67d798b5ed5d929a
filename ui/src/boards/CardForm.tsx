import { Checkbox, Input, InputNumber, Modal, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Item } from "../analytics/asked";
import type { Card } from "./arrange";
import type { Target } from "./target";

/** In which unit people say a value: so many of them make one of its own. */
const UNITS: Record<string, [number, string]> = {
  share: [100, "%"],
  duration: [1 / 60_000, "min"],
};
const AGAINST = ["none", "value", "before", "usual"] as const;
/** Weeks by which a day is as usual, where nothing else is said. */
const WEEKS = 8;

interface Shown {
  card: Card;
  item?: Item;
  name: string;
  /** What is said of the card now; nothing where it stays. */
  done: (said?: Partial<Card>) => void;
}

function againstOf(target: Target | null): (typeof AGAINST)[number] {
  if (!target) return "none";
  if (target.weeks) return "usual";
  return typeof target.value === "number" ? "value" : "before";
}

/** What a card is called, and what its figure is to reach. */
export function CardForm({ card, item, name, done }: Shown) {
  const { t } = useTranslation();
  const id = useId();
  const [title, call] = useState(card.title ?? "");
  const [target, aim] = useState<Target | null>(card.target ?? null);
  const kind = item?.words.figures[card.name]?.[0] ?? "number";
  const [unit, sign] = UNITS[kind] ?? [1, ""];
  const [alert, warn] = useState(card.alert ?? false);
  const against = againstOf(target);
  const turn = (to: (typeof AGAINST)[number]) => {
    const less = target?.less ?? false;
    const weeks = to === "usual" ? WEEKS : 0;
    aim(to === "none" ? null : { value: to === "value" ? 0 : null, change: 0, less, weeks });
  };
  return (
    <Modal
      open
      title={name}
      okText={t("boards.take_over")}
      cancelText={t("named.cancel")}
      onCancel={() => done()}
      onOk={() => done({ title: title.trim(), target, alert: alert && target !== null })}
    >
      <div className="named-form">
        <label htmlFor={`${id}-title`}>{t("boards.card_title")}</label>
        <Input
          id={`${id}-title`}
          value={title}
          maxLength={100}
          placeholder={name}
          onChange={({ target: field }) => call(field.value)}
        />
        {card.show === "figure" && (
          <>
            <label htmlFor={`${id}-against`}>{t("boards.target.title")}</label>
            <Select
              id={`${id}-against`}
              value={against}
              onChange={turn}
              options={AGAINST.map((value) => ({
                value,
                label: t(`boards.target.against.${value}`),
              }))}
            />
          </>
        )}
        {target && against === "usual" && (
          <>
            <label htmlFor={`${id}-weeks`}>{t("boards.target.weeks")}</label>
            <InputNumber
              id={`${id}-weeks`}
              min={4}
              max={26}
              value={target.weeks}
              onChange={(value) => aim({ ...target, weeks: value ?? WEEKS })}
            />
          </>
        )}
        {target && against !== "usual" && (
          <>
            <label htmlFor={`${id}-value`}>
              {t(against === "value" ? "boards.target.reach" : "boards.target.change")}
            </label>
            {against === "value" ? (
              <InputNumber
                id={`${id}-value`}
                value={Number(((target.value ?? 0) * unit).toFixed(6))}
                suffix={sign}
                onChange={(value) => aim({ ...target, value: (value ?? 0) / unit })}
              />
            ) : (
              <InputNumber
                id={`${id}-value`}
                value={Math.round((target.change ?? 0) * 10_000) / 100}
                suffix="%"
                onChange={(value) => aim({ ...target, change: (value ?? 0) / 100 })}
              />
            )}
            <label htmlFor={`${id}-side`}>{t("boards.target.better")}</label>
            <Select
              id={`${id}-side`}
              value={target.less ? "less" : "more"}
              onChange={(side) => aim({ ...target, less: side === "less" })}
              options={["more", "less"].map((side) => ({
                value: side,
                label: t(`boards.target.sides.${side}`),
              }))}
            />
          </>
        )}
        {target && (
          <Checkbox checked={alert} onChange={({ target: box }) => warn(box.checked)}>
            {t("boards.alert")}
          </Checkbox>
        )}
      </div>
    </Modal>
  );
}
