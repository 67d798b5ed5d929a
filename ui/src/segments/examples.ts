import { usualEvent } from "./blanks";
import type { Vocabulary } from "./leaves";
import { usualCurrency } from "./questions";
import type { Tree } from "./tree";

export const EXAMPLES = [
  "hot_quiet",
  "cooling_buyers",
  "abandoned",
  "worth_winning",
  "near_outlet",
  "newcomers",
] as const;
export type Example = (typeof EXAMPLES)[number];

const days = (ago: number) => ({ from: { ago, unit: "day" } });

/** Rules that an operator would start from, out of what this pool has. */
export function examples(there: Vocabulary): [Example, Tree][] {
  const event = usualEvent(there);
  const outlet = Object.keys(there.outlets)[0];
  const cart = "Product Added" in there.events ? "Product Added" : "Product Viewed";
  const currency = usualCurrency(there);
  const band = (...any_of: string[]) => ({ band: { any_of } });
  const behaviour = (body: object) => ({ behaviour: { event, ...body } });
  const spent = { measure: "sum", field: "amount", currency, op: "ge", value: 300 };
  const unbought = {
    first: { event: cart },
    // biome-ignore lint/suspicious/noThenProperty: it is the word of the rule tree.
    then: { event },
    within: { amount: 1, unit: "day" },
    window: days(30),
    followed: false,
  };
  const week = { op: "during", value: days(7) };
  const all: [Example, Tree, boolean][] = [
    [
      "hot_quiet",
      { and: [band("hot"), behaviour({ window: days(30), op: "eq", value: 0 })] },
      true,
    ],
    [
      "cooling_buyers",
      {
        and: [
          behaviour({ op: "ge", value: 2 }),
          { next_band: { within: { amount: 14, unit: "day" }, any_of: ["warm", "cool", "cold"] } },
        ],
      },
      true,
    ],
    ["abandoned", { and: [{ sequence: unbought }] }, cart in there.events],
    [
      "worth_winning",
      { and: [behaviour({ window: days(365), ...spent }), band("cool", "cold")] },
      currency !== "",
    ],
    [
      "near_outlet",
      { and: [{ near: { outlet: outlet ?? "", metres: 3_000 } }, band("hot", "warm")] },
      outlet !== undefined,
    ],
    ["newcomers", { and: [{ behaviour: { event: null, measure: "first", ...week } }] }, true],
  ];
  return all.flatMap(([name, tree, there]) => (event && there ? [[name, tree]] : []));
}
