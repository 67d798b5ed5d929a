import type { Condition, Rule, RuleSet } from "./ruleset";

/** What is wrong with a field of a rule: the name of the fault and what to fill in. */
export interface Fault {
  field: string;
  fault: string;
  values?: Record<string, string | number>;
}

const COLUMNS = ["name", "channel", "device", "source"];
export const HOUR_DAYS = 1 / 24;
export const MOST_HALF_LIVES = 4;

/** The distinct half-lives of a set, shortest first, without those of one rule. */
export function halfLives(rules: Rule[], but = ""): number[] {
  const days = rules.filter(({ id }) => id !== but).map((rule) => rule.half_life_days);
  return [...new Set(days)].sort((one, other) => one - other);
}

/** May a condition read this field of an event? */
export function readable(field: string): boolean {
  return COLUMNS.includes(field) || /^properties(\.[^.]+)+$/.test(field);
}

/** What must be changed before this rule can stand beside the others: the server asks the same. */
export function check(rule: Rule, others: Rule[]): Fault[] {
  const faults: Fault[] = [];
  const tell = (field: string, fault: string, values?: Fault["values"]) =>
    faults.push({ field, fault, values });
  if (!rule.title.zh.trim() && !rule.title.en.trim()) tell("title", "title");
  if (rule.events.length === 0) tell("events", "events");
  if (rule.events.includes("*") && rule.events.length > 1) tell("events", "every");
  if (!Number.isFinite(rule.points) || rule.points === 0) tell("points", "points");
  if (typeof rule.amount === "string" && !/^properties(\.[^.]+)+$/.test(rule.amount))
    tell("amount", "amount");
  const capped = rule.cap !== undefined && rule.cap !== null;
  if (capped && !((rule.cap ?? 0) > 0)) tell("cap", "cap");
  checkHalfLife(rule, others, capped, tell);
  rule.conditions?.forEach((condition, at) => {
    for (const one of checkCondition(condition)) tell(`conditions.${at}`, one);
  });
  return faults;
}

function checkHalfLife(
  rule: Rule,
  others: Rule[],
  capped: boolean,
  tell: (field: string, fault: string, values?: Fault["values"]) => void,
) {
  const days = rule.half_life_days;
  if (!Number.isFinite(days) || days < (capped ? 1 : HOUR_DAYS * (1 - 1e-9))) {
    tell("half_life_days", capped ? "half_life_day" : "half_life_hour");
    return;
  }
  const known = halfLives(others, rule.id);
  if (!known.includes(days) && known.length >= MOST_HALF_LIVES)
    tell("half_life_days", "half_lives", { known: known.join(", ") });
}

function checkCondition({ field, op, value = true }: Condition): string[] {
  const faults: string[] = [];
  if (!readable(field)) faults.push("field");
  const listed = op === "in" || op === "not_in";
  if (listed && !(Array.isArray(value) && value.length > 0)) faults.push("list");
  if (["gt", "ge", "lt", "le"].includes(op) && !Number.isFinite(value)) faults.push("number");
  if (["eq", "ne", "contains"].includes(op) && value === "") faults.push("value");
  return faults;
}

/** An id for a new rule from its name, unlike all others: letters, digits and underscores. */
export function idFor(rule: Rule, rules: Rule[]): string {
  const word = (rule.title.en || rule.events[0] || "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_|_$/g, "");
  const begun = word || "rule";
  const taken = new Set(rules.map(({ id }) => id));
  let [id, number] = [begun, 2];
  while (taken.has(id)) {
    id = `${begun}_${number}`;
    number += 1;
  }
  return id;
}

/** What is wrong with what holds for the whole set. */
export function checkSet({ e_half, rates }: RuleSet): Fault[] {
  const faults: Fault[] = [];
  if (!(Number.isFinite(e_half) && e_half > 0)) faults.push({ field: "e_half", fault: "e_half" });
  for (const [currency, rate] of Object.entries(rates)) {
    if (!(Number.isFinite(rate) && rate > 0))
      faults.push({ field: `rates.${currency}`, fault: "rate", values: { currency } });
  }
  return faults;
}
