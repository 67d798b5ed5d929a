import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button, Form, Input, InputNumber, Select } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, told } from "../api/client";
import { useFormat } from "../shell/format";
import { Answer, Empty, Failure } from "../shell/Told";
import { type Past, room } from "./past";
import { RULES, useEvents } from "./ruleset";

const PURCHASE = "Order Completed";
const DAY_MS = 86_400_000;
const [HORIZON_DAYS, SHARE_PERCENT] = [60, 5];

/** What to learn: which event to foretell, within how long, and where to cut the past in two. */
export function Ask({ begun }: { begun: (id: string) => Promise<void> }) {
  const { t } = useTranslation();
  const events = useEvents(true);
  const past = useQuery({
    queryKey: [...RULES, "calibrations"],
    queryFn: () => told(api.GET("/api/calibrations")),
  });
  return (
    <section className="panel" aria-labelledby="calibration-ask">
      <h2 id="calibration-ask">{t("rules.calibration.ask")}</h2>
      <Answer of={events}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty
              title={t("rules.calibration.no_events")}
              next={t("rules.calibration.no_events_next")}
            />
          ) : (
            <Answer of={past}>
              {({ first, last }) => <Asked items={items} past={{ first, last }} begun={begun} />}
            </Answer>
          )
        }
      </Answer>
    </section>
  );
}

interface Shown {
  items: { name: string; events: number }[];
  past: Past;
  begun: (id: string) => Promise<void>;
}

function Asked({ items, past, begun }: Shown) {
  const { t } = useTranslation();
  const format = useFormat();
  const usual = items.some(({ name }) => name === PURCHASE) ? PURCHASE : (items[0]?.name ?? "");
  const [goal, setGoal] = useState(usual);
  // No longer than the history is good for, where it is good for anything.
  const most = room(past);
  const usually = Math.min(HORIZON_DAYS, Math.max(most, 1));
  const [days, setDays] = useState<number | null>(usually);
  const [percent, setPercent] = useState<number | null>(SHARE_PERCENT);
  const [chosen, setChosen] = useState("");
  // As late as it can be: what came within the horizon after it is there to be tested against.
  const latest = format.day(
    Math.min(Date.now(), Date.parse(past.last ?? "") || Date.now()) - (days ?? usually) * DAY_MS,
  );
  const cut = chosen || latest;
  const start = useMutation({
    mutationFn: async () => {
      const body = { goal, horizon_days: days ?? 0, cut, share: (percent ?? 0) / 100 };
      const job = await told(api.POST("/api/calibrations", { body }));
      await begun(job.id);
    },
  });
  return (
    <Form layout="vertical" onFinish={() => start.mutate()}>
      <div className="rules-ask">
        <Field name="goal">
          <Select
            id="goal"
            showSearch
            value={goal}
            onChange={setGoal}
            options={items.map(({ name, events }) => ({
              value: name,
              label: t("rules.form.seen", { name, count: events, shown: format.count(events) }),
            }))}
          />
        </Field>
        <Field name="horizon">
          <InputNumber
            id="horizon"
            min={1}
            max={3_650}
            value={days}
            onChange={setDays}
            suffix={t("rules.form.days")}
          />
        </Field>
        <Field name="cut">
          <Input
            id="cut"
            type="date"
            max={latest}
            value={cut}
            onChange={({ target }) => setChosen(target.value)}
          />
        </Field>
        <Field name="share">
          <InputNumber
            id="share"
            min={0.1}
            max={50}
            value={percent}
            onChange={setPercent}
            suffix="%"
          />
        </Field>
      </div>
      <p className="soft">
        {t("rules.calibration.explained", {
          days: format.count(days ?? usually),
          twice: format.count(2 * (days ?? usually)),
        })}
      </p>
      {(days ?? usually) > most && (
        <Alert
          className="rules-note"
          type="warning"
          showIcon
          title={t("rules.calibration.short", {
            first: past.first ? format.day(past.first) : "–",
            last: past.last ? format.day(past.last) : "–",
            needs: format.count(3 * (days ?? usually)),
          })}
          description={t(
            most > 0 ? "rules.calibration.short_next" : "rules.calibration.short_wait",
            {
              most: format.count(most),
            },
          )}
        />
      )}
      {start.isError && (
        <div className="rules-note">
          <Failure error={start.error} />
        </div>
      )}
      <Button
        type="primary"
        htmlType="submit"
        loading={start.isPending}
        disabled={!goal || !days || !percent || days > most}
      >
        {t("rules.calibration.start")}
      </Button>
    </Form>
  );
}

interface Asking {
  name: "goal" | "horizon" | "cut" | "share";
  children: ReactNode;
}

/** A label with what it asks for, whose id is its name. */
function Field({ name, children }: Asking) {
  const { t } = useTranslation();
  return (
    <Form.Item label={t(`rules.calibration.${name}`)} htmlFor={name}>
      {children}
    </Form.Item>
  );
}
