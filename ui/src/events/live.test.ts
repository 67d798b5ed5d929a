import { expect, test } from "vitest";
import { joined, pretty } from "./live";

const arrival = (message_id: string) => ({
  verdict: "accepted" as const,
  received_at: "2026-03-01T00:00:00Z",
  source: "web",
  message_id,
});

const came = (...names: string[]) => ({
  items: names.map(arrival),
  cursor: names[0] ?? "",
  skipped: 0,
});

test("what comes stands before what came, under numbers that stay", () => {
  const first = joined(undefined, came("b", "a"));
  const next = joined(first, { ...came("d", "c"), skipped: 5 });
  expect(next.items.map((item) => [item.message_id, item.number])).toEqual([
    ["d", 4],
    ["c", 3],
    ["b", 2],
    ["a", 1],
  ]);
  expect(next.cursor).toBe("d");
  expect(next.skipped).toBe(5);
});

test("the oldest go when there are too many", () => {
  let seen = joined(undefined, came());
  for (let turn = 0; turn < 5; turn += 1) seen = joined(seen, came(...Array(100).fill("x")));
  expect(seen.items).toHaveLength(300);
  expect(new Set(seen.items.map((item) => item.number)).size).toBe(300);
});

test("text that is no JSON is shown as it is", () => {
  expect(pretty("{bad")).toBe("{bad");
  expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
});
