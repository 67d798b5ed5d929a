export type Words = { [key: string]: string | Words };

/** One catalogue out of those of the rooms; each stands below the name of its room. */
export function gather(files: Record<string, Words>): Words {
  return Object.fromEntries(
    Object.entries(files).map(([path, words]) => [path.split("/").at(-2) ?? path, words]),
  );
}
