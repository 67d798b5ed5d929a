import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keep } from "./keep";
import { Queue } from "./queue";

interface Sent {
  writeKey: string;
  batch: { messageId: string }[];
}

let answers: (number | "no network")[];
let sent: Sent[];

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  [answers, sent] = [[], []];
  vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
    sent.push(JSON.parse(body));
    const status = answers.shift() ?? 200;
    if (status === "no network") throw new TypeError("Failed to fetch");
    return { status, headers: new Headers() };
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function ids(): string[][] {
  return sent.map(({ batch }) => batch.map((one) => one.messageId));
}

function queue(lasting = true): Queue {
  return new Queue("http://pool/v1/batch", "wk_1", () => lasting);
}

const MINUTE = 60_000;

test("what comes together goes together, and is gone then", async () => {
  const one = queue();
  one.add({ messageId: "a" });
  one.add({ messageId: "b" });
  expect(keep.names()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(ids()).toEqual([["a", "b"]]);
  expect(sent[0]?.writeKey).toBe("wk_1");
  expect(keep.names()).toHaveLength(0);
});

test.each([[503], [429], ["no network"]] as const)("after %s it is sent again", async (status) => {
  answers = [status, status];
  const one = queue();
  one.add({ messageId: "a" });
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(ids()).toEqual([["a"], ["a"], ["a"]]);
});

test.each([400, 401, 413])("after %i it is not sent again", async (status) => {
  answers = [status];
  const one = queue();
  one.add({ messageId: "a" });
  await vi.advanceTimersByTimeAsync(MINUTE);
  one.add({ messageId: "b" });
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(ids()).toEqual([["a"], ["b"]]);
});

test("waits grow while nobody answers", async () => {
  answers = Array(99).fill("no network");
  queue().add({ messageId: "a" });
  await vi.advanceTimersByTimeAsync(60 * MINUTE);
  expect(sent.length).toBeGreaterThan(10);
  expect(sent.length).toBeLessThan(40);
});

test("a portion is no larger than what a closing page may send", async () => {
  const one = queue();
  for (let n = 0; n < 8; n += 1) one.add({ messageId: `${n}`, text: "热".repeat(4_000) });
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(ids().flat()).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
  for (const body of sent) expect(new Blob([JSON.stringify(body)]).size).toBeLessThan(64_000);
});

test("the next page sends what this one could not; without consent nothing is kept", async () => {
  queue().add({ messageId: "a" });
  queue(false).add({ messageId: "b" });
  expect(keep.names()).toHaveLength(1);
  vi.clearAllTimers();
  queue().adopt();
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(ids()).toEqual([["a"]]);
  expect(keep.names()).toHaveLength(0);
});
