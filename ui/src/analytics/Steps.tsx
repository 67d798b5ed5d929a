import {
  ArrowDownOutlined,
  ArrowUpOutlined,
  DeleteOutlined,
  PlusOutlined,
} from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { StepFields } from "../segments/Events";
import type { Step } from "../segments/leaves";
import { blank } from "./parameters";
import { type Edited, useSetting } from "./setting";

/** Events one after the other, each with its conditions. */
export function Steps({ label, schema, value, change }: Edited<Step[]>) {
  const { t } = useTranslation();
  const { whole } = useSetting();
  const { items = {}, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  const swap = (at: number) =>
    change(value.toSpliced(at, 2, value[at + 1] as Step, value[at] as Step));
  return (
    <div className="analytics-steps">
      <ol>
        {value.map((step, at) => {
          const name = t("analytics.step_of", { label, number: at + 1 });
          return (
            // Steps have no name of their own, and hold no state.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <li key={at}>
              <fieldset className="analytics-step">
                <legend className="segments-hidden">{name}</legend>
                <span className="analytics-number">{at + 1}</span>
                <StepFields step={step} change={(next) => change(value.with(at, next))} />
                <span className="analytics-tools">
                  <Button
                    type="text"
                    size="small"
                    icon={<ArrowUpOutlined />}
                    aria-label={t("analytics.up", { name })}
                    disabled={at === 0}
                    onClick={() => swap(at - 1)}
                  />
                  <Button
                    type="text"
                    size="small"
                    icon={<ArrowDownOutlined />}
                    aria-label={t("analytics.down", { name })}
                    disabled={at === value.length - 1}
                    onClick={() => swap(at)}
                  />
                  <Button
                    type="text"
                    size="small"
                    icon={<DeleteOutlined />}
                    aria-label={t("analytics.leave_out", { name })}
                    disabled={value.length <= minItems}
                    onClick={() => change(value.toSpliced(at, 1))}
                  />
                </span>
              </fieldset>
            </li>
          );
        })}
      </ol>
      <Button
        icon={<PlusOutlined />}
        disabled={value.length >= maxItems}
        onClick={() => change([...value, blank(items, whole) as Step])}
      >
        {t("analytics.add_to", { label })}
      </Button>
    </div>
  );
}
