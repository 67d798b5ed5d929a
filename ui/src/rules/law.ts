import { bandOf } from "../shell/Temperature";
import type { Band } from "../shell/theme";
import type { Rule, RuleSet } from "./ruleset";

/** The law of temperature, as `hotspring/temperature/law.py` has it: for examples beside a form. */
const COLDEST = -20;
const FLOOR = -40;
const SPAN = 120;

/** One exponential of an energy. */
export interface Term {
  energy: number;
  halfLifeDays: number;
}

/** How many degrees Celsius an energy reads. */
export function degrees(energy: number, eHalf: number): number {
  if (energy >= 0) return COLDEST + SPAN * (1 - 2 ** (-energy / eHalf));
  return Math.max(FLOOR, COLDEST + (energy * SPAN * Math.LN2) / eHalf);
}

/** The temperature after so many days of silence. */
export function after(terms: Term[], eHalf: number, days: number): number {
  const parts = terms.map(({ energy, halfLifeDays }) => energy * 2 ** (-days / halfLifeDays));
  return degrees(
    parts.reduce((sum, part) => sum + part, 0),
    eHalf,
  );
}

/** What one event of a rule weighs; `undefined` where that depends on more than its amount. */
export function weight(rule: Rule, amount: number): number | undefined {
  if (rule.conditions?.length || typeof rule.amount === "string") return undefined;
  const full = rule.points * (rule.amount ? Math.log1p(Math.max(amount, 0)) : 1);
  const size = rule.cap ? Math.min(Math.abs(full), rule.cap) : Math.abs(full);
  return Math.sign(full) * size;
}

/** What one event brings to somebody without any heat, and the rules that may add to it.
 * The day's cap is taken as if the day began with the event. */
export function oneEvent(rules: RuleSet, event: string, amount: number) {
  const looking = rules.rules.filter(({ events }) => events.includes(event) || events[0] === "*");
  const weighed = looking.map((rule) => ({ rule, energy: weight(rule, amount) }));
  return {
    terms: weighed.flatMap(({ rule, energy }) =>
      energy ? [{ energy, halfLifeDays: rule.half_life_days }] : [],
    ),
    open: weighed.filter(({ energy }) => energy === undefined).map(({ rule }) => rule),
  };
}

export interface Crossing {
  band: Band;
  days: number;
}

const LONGEST_DAYS = 36_500;

/** Into which bands silence leads, one after the other, and after how many days. */
export function crossings(terms: Term[], eHalf: number): Crossing[] {
  const found: Crossing[] = [];
  if (terms.length === 0) return found;
  const at = (days: number) => bandOf(after(terms, eHalf, days));
  const shortest = Math.min(...terms.map(({ halfLifeDays }) => halfLifeDays));
  let [before, band] = [0, at(0)];
  while (before < LONGEST_DAYS && found.length < 8) {
    const next = before + Math.max(shortest / 16, before / 128);
    if (at(next) !== band) {
      const days = halved(before, next, (day) => at(day) !== band);
      band = at(next);
      found.push({ band, days });
    }
    before = next;
  }
  return found;
}

function halved(from: number, to: number, passed: (days: number) => boolean): number {
  let [low, high] = [from, to];
  for (let round = 0; round < 40; round += 1) {
    const middle = (low + high) / 2;
    if (passed(middle)) high = middle;
    else low = middle;
  }
  return high;
}
