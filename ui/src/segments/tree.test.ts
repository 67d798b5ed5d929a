import { expect, test } from "vitest";
import { type Added, blank, KINDS, SORTS } from "./blanks";
import { examples } from "./examples";
import { begun, redone, stepped, undone } from "./history";
import { LEAVES, legible, type Vocabulary } from "./leaves";
import { located } from "./Places";
import { asked, choiceOf, choices, fieldsOf, unfinished } from "./questions";
import { RULES } from "./samples";
import {
  added,
  carried,
  depth,
  doubled,
  group,
  isGroup,
  leaf,
  leavesOf,
  moved,
  type Node,
  opened,
  pointed,
  removed,
  type Tree,
  written,
} from "./tree";

/** The same numbers from 0 to 1 in the same order, at every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** A rule of any shape over leaves of every kind. */
function random(next: () => number, deep = 4): Tree {
  const roll = next();
  if (roll < 0.15) return { not: random(next, deep) };
  if (roll < 0.55 && deep > 1) {
    const parts = Array.from({ length: Math.floor(next() * 4) }, () => random(next, deep - 1));
    return next() < 0.5 ? { and: parts } : { or: parts };
  }
  return RULES[Math.floor(next() * RULES.length)] as Tree;
}

const TREES = Array.from({ length: 300 }, (_, seed) => random(chance(seed + 1)));
const bag = (node: Node) =>
  leavesOf(node)
    .map((one) => JSON.stringify([one.is, one.body]))
    .sort();

test("a rule becomes parts and parts become the rule, without loss", () => {
  for (const tree of TREES) {
    const node = opened(tree);
    expect(node && written(node)).toEqual(tree);
  }
});

test("every leaf of the rule tree can be shown", () => {
  const shown = new Set(RULES.map((tree) => Object.keys(tree)[0]));
  expect([...shown].sort()).toEqual([...LEAVES].sort());
});

test("what the page cannot show is not shown in part", () => {
  const strange = [
    null,
    [],
    "and",
    {},
    { and: {} },
    { and: [{ band: { any_of: ["hot"] } }, { weather: {} }] },
    { band: { any_of: ["hot"], more: 1 } },
    { band: { any_of: ["tepid"] } },
    { band: { any_of: ["hot"] }, tag: { id: "x" } },
    { behaviour: { event: "a", window: { from: { ago: 1, unit: "month" } } } },
    { trait: { op: "eq", value: 1 } },
    { not: { near: { outlet: "x" } } },
  ];
  expect(strange.filter((tree) => opened(tree) !== undefined)).toEqual([]);
});

test("a move keeps every question, and the way back is the other way", () => {
  for (const [seed, tree] of TREES.entries()) {
    const root = opened({ and: [tree, { or: [] }, tree] }) as Node;
    const all = leavesOf(root);
    const one = all[seed % Math.max(1, all.length)];
    if (!one) continue;
    for (const way of ["up", "down"] as const) {
      const after = moved(root, one.id, way);
      expect(bag(after)).toEqual(bag(root));
      if (after === root) continue;
      const back = moved(after, one.id, way === "up" ? "down" : "up");
      expect(written(back)).toEqual(written(root));
    }
  }
});

test("a part is moved before another or into a group, never into itself", () => {
  for (const [seed, tree] of TREES.entries()) {
    const root = opened({ and: [tree, { or: [{ tag: { id: "x" } }] }] }) as Node;
    const ids = idsOf(root);
    const next = chance(seed + 7);
    const pick = () => ids[Math.floor(next() * ids.length)] as number;
    for (let i = 0; i < 5; i += 1) {
      const after = carried(root, pick(), next() < 0.5 ? { before: pick() } : { into: pick() });
      expect(bag(after)).toEqual(bag(root));
      expect(idsOf(after).sort()).toEqual([...ids].sort());
    }
  }
});

function idsOf(node: Node): number[] {
  return [node.id, ...(isGroup(node) ? node.of.flatMap(idsOf) : [])];
}

test("a copy is a part of its own, and a part that is taken out is gone", () => {
  const root = opened({ and: [{ tag: { id: "a" } }, { or: [{ tag: { id: "b" } }] }] }) as Node;
  const [, second] = isGroup(root) ? root.of : [];
  const twice = doubled(root, second?.id ?? 0);
  expect(written(twice)).toEqual({
    and: [{ tag: { id: "a" } }, { or: [{ tag: { id: "b" } }] }, { or: [{ tag: { id: "b" } }] }],
  });
  expect(new Set(idsOf(twice)).size).toBe(idsOf(twice).length);
  expect(written(removed(twice, second?.id ?? 0))).toEqual(written(root));
});

test("a pointer leads to the part, through every not", () => {
  const root = opened({
    and: [
      { not: { not: { band: { any_of: ["hot"] } } } },
      { or: [{ trait: { name: "", op: "eq" } }] },
    ],
  }) as Node;
  const leaves = leavesOf(root);
  expect(pointed(root, "/and/0/not/not/band/any_of/0")).toEqual({
    id: leaves[0]?.id,
    field: "any_of/0",
  });
  expect(pointed(root, "/and/1/or/0/trait/name")).toEqual({ id: leaves[1]?.id, field: "name" });
  expect(pointed(root, "/and")).toEqual({ id: root.id, field: "" });
  expect(pointed(root, "/")).toEqual({ id: root.id, field: "" });
  expect(depth(root)).toBe(4);
});

test("what is taken back can be done again; letters of one field are one step", () => {
  const one = group("and");
  const two = added(one, one.id, 0, leaf("tag", { id: "a" }));
  const three = added(one, one.id, 0, leaf("tag", { id: "ab" }));
  let history = stepped(begun(one), two, "5 name");
  history = stepped(history, three, "5 name");
  expect(undone(history).now).toBe(one);
  expect(redone(undone(history)).now).toBe(three);
  expect(undone(undone(history)).now).toBe(one);
  expect(undone(stepped(history, two, "5 value")).now).toBe(three);
});

const THERE: Vocabulary = {
  timezone: "Asia/Shanghai",
  traits: { city: "string", age: "number", born: "datetime" },
  events: {
    "Order Completed": { total: "number", brand: "string" },
    "Product Added": { total: "string" },
  },
  identifiers: ["phone"],
  purposes: ["marketing"],
  channels: [],
  currencies: ["CNY", "USD"],
  areas: { a: "A" },
  outlets: { o: "O" },
  scores: { sc_1: "Activity" },
  schemes: { tr_1: { name: "Worth", tiers: ["silver", "gold"] } },
};

test("what is added or begun from can be shown and is well formed", () => {
  expect(Object.values(SORTS).flat().sort()).toEqual([...KINDS].sort());
  for (const kind of KINDS) {
    const { is, body } = blank(kind as Added, THERE);
    expect([kind, legible(is, body)]).toEqual([kind, true]);
  }
  const begun = examples(THERE);
  expect(begun.map(([name]) => name)).toContain("near_outlet");
  for (const [, tree] of begun) {
    const node = opened(tree);
    expect(node && leavesOf(node).flatMap((one) => unfinished(one.is, one.body))).toEqual([]);
  }
});

test("another comparison keeps a value that fits and finds one that does", () => {
  const test = { op: "in", value: ["a", "b"] };
  expect(asked(test, "eq", "string")).toEqual({ op: "eq", value: "a" });
  expect(asked(test, "exists_not", "string")).toEqual({ op: "exists", value: false });
  expect(choiceOf({ op: "exists", value: false })).toBe("exists_not");
  expect(asked({ op: "ge", value: 5 }, "between", "number").value).toEqual([5, 5]);
  expect(asked({ op: "ge", value: 5 }, "during", "datetime").value).toEqual({ from: { ago: 30 } });
  expect(choices("datetime")).toEqual(["during", "exists", "exists_not"]);
});

test("what is still open is named, and only that", () => {
  expect(unfinished("trait", { name: "", op: "exists", value: true })).toEqual(["name"]);
  expect(unfinished("trait", { name: "x", op: "in", value: [] })).toEqual(["value"]);
  expect(unfinished("district", { any_of: [] })).toEqual(["any_of"]);
  const where = [{ field: "channel", op: "contains", value: "" }];
  expect(unfinished("behaviour", { event: "a", where })).toEqual(["where/0"]);
  expect(unfinished("behaviour", { event: null })).toEqual([]);
  const rules = RULES.map((tree) => Object.entries(tree)[0] as [never, never]);
  expect(rules.flatMap(([is, body]) => unfinished(is, body))).toEqual([]);
});

test("a field of several kinds is asked for by its event", () => {
  expect(fieldsOf("Order Completed", THERE)["properties.total"]).toBe("number");
  expect(fieldsOf(null, THERE)["properties.total"]).toBeUndefined();
  expect(fieldsOf(null, THERE)["properties.brand"]).toBe("string");
  expect(fieldsOf(null, THERE).amount).toBe("number");
});

test("districts stand under their city and province, in the order of their codes", () => {
  const names = { "44": "GD", "4403": "SZ", "440305": "NS", "11": "BJ" };
  expect(located(names, "all").map((one) => one.label)).toEqual([
    "BJ",
    "GD",
    "GD / SZ",
    "GD / SZ / NS",
  ]);
  expect(located(names, "44")).toHaveLength(3);
});
