import { createContext, useContext } from "react";
import type { Fault } from "../api/problem";
import type { Schema, Whole } from "./parameters";

/** What every field of a form works with. */
interface Given {
  whole: Whole;
  /** By what events can be told apart, beside what has a name of the pool's own. */
  dimensions: string[];
}

const Context = createContext<Given>({ whole: {}, dimensions: [] });
export const Setting = Context.Provider;

export function useSetting(): Given {
  return useContext(Context);
}

/** What the editor of a field is given. */
export interface Edited<T = unknown> {
  label: string;
  schema: Schema;
  value: T;
  change: (value: T) => void;
  /** What is wrong with it, places seen from it. */
  faults: Fault[];
}
