import type { Fault } from "../api/problem";
import { type Body, isLeaf, type LeafKey, legible } from "./leaves";

/** All of them, or at least one. */
export interface Group {
  id: number;
  /** How many times it is turned into its opposite. */
  nots: number;
  is: "and" | "or";
  of: Node[];
}

/** One question. */
export interface Leaf {
  id: number;
  nots: number;
  is: LeafKey;
  body: Body;
}

/** A part of a rule while it is edited: what the JSON says, with a name that outlives moves. */
export type Node = Group | Leaf;

/** A rule as it is kept: an object with one key. */
export type Tree = Record<string, unknown>;

/** Levels of a rule, its leaves included; the server reads no more. */
export const DEEPEST = 12;

let last = 0;

/** A name for a part that is new. */
export function fresh(): number {
  last += 1;
  return last;
}

export function isGroup(node: Node): node is Group {
  return node.is === "and" || node.is === "or";
}

export function group(is: Group["is"], of: Node[] = []): Group {
  return { id: fresh(), nots: 0, is, of };
}

export function leaf(is: LeafKey, body: Body): Leaf {
  return { id: fresh(), nots: 0, is, body };
}

/** A rule as parts that can be edited; `undefined` where it holds what the page cannot show. */
export function opened(tree: unknown): Node | undefined {
  if (typeof tree !== "object" || tree === null || Array.isArray(tree)) return undefined;
  const [[key, value] = [], ...more] = Object.entries(tree);
  if (key === undefined || more.length > 0) return undefined;
  if (key === "not") {
    const inner = opened(value);
    return inner && { ...inner, nots: inner.nots + 1 };
  }
  if (key === "and" || key === "or") {
    if (!Array.isArray(value)) return undefined;
    const parts = value.map(opened);
    return parts.some((part) => part === undefined) ? undefined : group(key, parts as Node[]);
  }
  return isLeaf(key) && legible(key, value) ? leaf(key, value) : undefined;
}

/** The rule as it is kept; `opened` of it gives the same parts. */
export function written(node: Node): Tree {
  let tree: Tree = { [node.is]: isGroup(node) ? node.of.map(written) : node.body };
  for (let i = 0; i < node.nots; i += 1) tree = { not: tree };
  return tree;
}

/** Every leaf, in order. */
export function leavesOf(node: Node): Leaf[] {
  return isGroup(node) ? node.of.flatMap(leavesOf) : [node];
}

/** How many levels it has; each "not" is one. */
export function depth(node: Node): number {
  const below = isGroup(node) ? Math.max(0, ...node.of.map(depth)) : 0;
  return 1 + node.nots + below;
}

/** The tree with another part in the place of one. */
export function replaced(root: Node, id: number, change: (node: Node) => Node): Node {
  if (root.id === id) return change(root);
  if (!isGroup(root)) return root;
  const of = root.of.map((one) => replaced(one, id, change));
  return of.every((one, at) => one === root.of[at]) ? root : { ...root, of };
}

/** The tree without a part. A root cannot be taken out of itself. */
export function removed(root: Node, id: number): Node {
  if (!isGroup(root)) return root;
  const kept = root.of.filter((one) => one.id !== id);
  const of = kept.map((one) => removed(one, id));
  const same = of.length === root.of.length && of.every((one, at) => one === root.of[at]);
  return same ? root : { ...root, of };
}

/** The tree with a part more, at a place of a group. */
export function added(root: Node, into: number, at: number, node: Node): Node {
  return replaced(root, into, (one) =>
    isGroup(one) ? { ...one, of: one.of.toSpliced(at, 0, node) } : one,
  );
}

/** The tree with a copy of a part right after it. */
export function doubled(root: Node, id: number): Node {
  const place = placeOf(root, id);
  const copy = place && opened(written(place.node));
  return place && copy ? added(root, place.above.id, place.at + 1, copy) : root;
}

interface Place {
  node: Node;
  above: Group;
  at: number;
}

/** Where a part stands: in which group, and at which place of it. */
export function placeOf(root: Node, id: number): Place | undefined {
  if (!isGroup(root)) return undefined;
  for (const [at, node] of root.of.entries()) {
    if (node.id === id) return { node, above: root, at };
    const below = placeOf(node, id);
    if (below) return below;
  }
  return undefined;
}

/** The tree with a part one line further up or down: past a leaf, into a group, out of its own. */
export function moved(root: Node, id: number, way: "up" | "down"): Node {
  const place = placeOf(root, id);
  if (!place) return root;
  const { node, above, at } = place;
  const next = above.of[way === "up" ? at - 1 : at + 1];
  const without = removed(root, id);
  if (next && isGroup(next)) {
    return added(without, next.id, way === "up" ? next.of.length : 0, node);
  }
  if (next) return added(without, above.id, way === "up" ? at - 1 : at + 1, node);
  const outer = placeOf(root, above.id);
  if (!outer) return root;
  return added(without, outer.above.id, way === "up" ? outer.at : outer.at + 1, node);
}

/** The tree with a part moved before another one, or to the end of a group. */
export function carried(root: Node, id: number, to: { before: number } | { into: number }): Node {
  const from = placeOf(root, id);
  const target = "before" in to ? to.before : to.into;
  if (!from || target === id || placeOf(from.node, target)) return root;
  const without = removed(root, id);
  if ("into" in to) {
    const end = find(without, to.into);
    return end && isGroup(end) ? added(without, end.id, end.of.length, from.node) : root;
  }
  const place = placeOf(without, to.before);
  return place ? added(without, place.above.id, place.at, from.node) : root;
}

function find(root: Node, id: number): Node | undefined {
  return root.id === id ? root : placeOf(root, id)?.node;
}

/** What was found wrong, by the part it is about. */
export function byPart(root: Node, faults: Fault[]): Map<number, Fault[]> {
  const found = new Map<number, Fault[]>();
  for (const { where, detail } of faults) {
    const { id, field } = pointed(root, where);
    found.set(id, [...(found.get(id) ?? []), { where: field, detail }]);
  }
  return found;
}

/** The part that a JSON pointer leads to, and what is left of it: the field of a leaf. */
export function pointed(root: Node, pointer: string): { id: number; field: string } {
  const words = pointer.split("/").slice(1);
  let node = root;
  for (;;) {
    for (let i = 0; i < node.nots && words[0] === "not"; i += 1) words.shift();
    if (words[0] !== node.is) break;
    words.shift();
    const next = isGroup(node) ? node.of[Number(words[0])] : undefined;
    if (!next) break;
    words.shift();
    node = next;
  }
  return { id: node.id, field: words.join("/") };
}
