import { DeleteOutlined, EditOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useView } from "../shell/page";
import { Temperature } from "../shell/Temperature";
import { Empty } from "../shell/Told";
import { useUndo } from "../shell/undo";
import type { Change } from "./draft";
import { degrees, weight } from "./law";
import page from "./page";
import { changes, type Rule, type RuleSet } from "./ruleset";
import { Sentence } from "./Sentence";
import { useSentences } from "./sentence";

const SAMPLE = 100;

interface Shown {
  now: RuleSet;
  rules: RuleSet;
  may: boolean;
  change: Change;
}

/** Every rule as a sentence, what one event of it brings alone, and the way to change it. */
export function RuleList({ now, rules, may, change }: Shown) {
  const { t } = useTranslation();
  const [, setView] = useView(page);
  const undo = useUndo();
  const say = useSentences();
  const changed = changes(now, rules);
  if (rules.rules.length === 0)
    return <Empty title={t("rules.none")} next={t("rules.none_next")} />;
  const remove = (rule: Rule) => {
    const at = rules.rules.indexOf(rule);
    change({ rules: rules.rules.filter(({ id }) => id !== rule.id) });
    undo(t("rules.removed", { name: say.name(rule) }), async () =>
      change((last) => ({ rules: last.rules.toSpliced(at, 0, rule) })),
    );
  };
  return (
    <ul className="rules-list">
      {rules.rules.map((rule) => (
        <li key={rule.id} data-rule={rule.id}>
          <div>
            <h3>
              {say.name(rule)}
              {changed.has(rule.id) && (
                <span className="rules-tag" data-kind={changed.get(rule.id)}>
                  {t(`rules.change.${changed.get(rule.id) ?? "changed"}`)}
                </span>
              )}
            </h3>
            <Sentence rule={rule} />
          </div>
          <Alone rule={rule} eHalf={rules.e_half} />
          {may && (
            <div className="rules-actions">
              <Button
                type="text"
                icon={<EditOutlined />}
                aria-label={t("rules.edit_this", { name: say.name(rule) })}
                onClick={() => setView({ rule: rule.id })}
              />
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t("rules.remove_this", { name: say.name(rule) })}
                onClick={() => remove(rule)}
              />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Alone({ rule, eHalf }: { rule: Rule; eHalf: number }) {
  const { t } = useTranslation();
  // What it brings at best is worth knowing; whether its conditions hold is another question.
  const energy = weight({ ...rule, conditions: [] }, SAMPLE);
  if (energy === undefined) return <span />;
  return (
    <span className="rules-alone">
      <span className="soft">
        {rule.amount ? t("rules.alone_amount", { amount: SAMPLE }) : t("rules.alone")}
      </span>
      <Temperature value={degrees(energy, eHalf)} />
    </span>
  );
}
