import type { Node } from "./tree";

const KEPT = 100;

/** What is edited, and the way back. */
export interface History {
  past: Node[];
  now: Node;
  future: Node[];
  /** What the last step changed: further steps of the same kind become one with it. */
  what: string;
}

export function begun(now: Node): History {
  return { past: [], now, future: [], what: "" };
}

/** One step further. Letters typed into one field are one step: they have the same `what`. */
export function stepped(history: History, now: Node, what = ""): History {
  if (now === history.now) return history;
  const joined = what !== "" && what === history.what && history.future.length === 0;
  const past = joined ? history.past : [...history.past, history.now].slice(-KEPT);
  return { past, now, future: [], what };
}

export function undone({ past, now, future }: History): History {
  const before = past.at(-1);
  if (!before) return { past, now, future, what: "" };
  return { past: past.slice(0, -1), now: before, future: [now, ...future], what: "" };
}

export function redone({ past, now, future }: History): History {
  const [after, ...rest] = future;
  if (!after) return { past, now, future, what: "" };
  return { past: [...past, now], now: after, future: rest, what: "" };
}
