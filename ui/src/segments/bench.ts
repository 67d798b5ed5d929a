import { createContext, useContext } from "react";
import type { Fault } from "../api/problem";
import type { Body, Vocabulary } from "./leaves";
import type { Node } from "./tree";

/** What every part of the editor works with. */
export interface Bench {
  root: Node;
  there: Vocabulary;
  /** What the server found wrong, by the id of the part. */
  faults: Map<number, Fault[]>;
  /** Puts another tree in place of this one; steps of the same `what` are one when undone. */
  change: (next: (root: Node) => Node, what?: string) => void;
}

const Names = createContext<Vocabulary | undefined>(undefined);
/** Gives the editors of events what they may name. */
export const Known = Names.Provider;

/** What may be named here. */
export function useThere(): Vocabulary {
  const there = useContext(Names);
  if (!there) throw new Error("an editor of events stands where nothing can be named");
  return there;
}

const Context = createContext<Bench | undefined>(undefined);
export const Benched = Context.Provider;

export function useBench(): Bench {
  const bench = useContext(Context);
  if (!bench) throw new Error("an editor of rules stands outside its bench");
  return bench;
}

/** What the editor of a leaf is given. */
export interface Edited<B = Body> {
  body: B;
  /** Changes members of the leaf; those that become undefined are left out. */
  change: (patch: Body) => void;
}
