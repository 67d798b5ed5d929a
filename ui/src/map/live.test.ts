import { expect, test } from "vitest";
import type { Answer, Figures } from "./figures";
import { after, type Held, merged } from "./live";

const area = (id: string, profiles: number) => ({ id, name: id, profiles }) as Figures;
const none: Held = { level: "city", lang: "zh", as_of: "", byId: new Map() };
const whole = after(
  none,
  { as_of: "2026-01-01T00:00:01Z", areas: [area("a", 7), area("b", 9)] },
  true,
);

test("a frame changes what it names, and takes away who is gone", () => {
  const next = after(
    whole,
    { as_of: "2026-01-01T00:00:02Z", areas: [area("a", 8)], gone: ["b"] },
    false,
  );
  expect([...next.byId.values()]).toEqual([area("a", 8)]);
  expect(whole.byId.size).toBe(2);
  expect(after(next, { as_of: "", areas: [area("c", 5)] }, true).byId.size).toBe(1);
});

test("an answer takes what came since, of a part only who is in it", () => {
  const answer = { as_of: "2026-01-01T00:00:00Z", areas: [area("a", 1)], k: 5 } as Answer;
  expect(merged(answer, whole, false).areas.map((one) => one.id)).toEqual(["b", "a"]);
  expect(merged(answer, whole, true).areas).toEqual([area("a", 7)]);
  expect(merged(answer, whole, true).as_of).toBe("2026-01-01T00:00:01Z");
});
