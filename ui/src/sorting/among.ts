/** The parts of a text that says whom is meant: `tier:ID:TIER`; a tier may hold a colon too. */
export function parted(value: string): { kind: string; id: string; rest: string } {
  const [kind = "", id = "", ...rest] = value.split(":");
  return { kind, id, rest: rest.join(":") };
}

/** What was chosen; who chooses a score begins with those who have no less than nothing. */
export function scored(chosen: string): string {
  return parted(chosen).kind === "score" ? `${chosen}:0` : chosen;
}
