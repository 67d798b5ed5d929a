/** The trait that people go by. */
export const NAME = "name";

/** A value of a trait or property as one reads it. */
export function plain(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What a trait says of a person, where they have it. */
export function traitOf(traits: Record<string, unknown> | null | undefined, name: string): unknown {
  return (traits?.[name] as { value?: unknown } | undefined)?.value;
}
