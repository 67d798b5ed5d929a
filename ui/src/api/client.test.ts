import { afterEach, expect, test, vi } from "vitest";
import { ask, line, session } from "./client";
import { Problem } from "./problem";

function answers(...list: (Response | Error)[]) {
  const seen: Request[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    seen.push(request);
    const next = list.shift();
    if (next instanceof Error) throw next;
    return next ?? new Response("{}");
  });
  return seen;
}

const URL_OF = (path: string) => `${location.origin}${path}`;
const change = (path: string) => ask(URL_OF(path), { method: "POST", body: "{}" });
const read = (path: string) => ask(URL_OF(path));

afterEach(() => {
  vi.unstubAllGlobals();
  line.tell(true);
  session.csrf = "";
  session.ended = () => {};
});

test("what changes something carries the secret of the session, what reads does not", async () => {
  session.csrf = "secret";
  const seen = answers();
  await change("/api/rebuild");
  await read("/api/status");
  expect(seen.map((one) => one.headers.get("x-csrf-token"))).toEqual(["secret", null]);
});

test("a refusal is thrown with what the server said of it", async () => {
  const body = JSON.stringify({ detail: "too much", code: "often" });
  answers(new Response(body, { status: 429, headers: { "retry-after": "7" } }));
  const found = await read("/api/status").catch((error) => error);
  expect(found).toBeInstanceOf(Problem);
  expect(found).toMatchObject({ status: 429, detail: "too much", code: "often", retryAfter: 7 });
});

test("a page of a proxy in front is a refusal too", async () => {
  answers(new Response("<html>", { status: 502 }));
  await expect(ask(`${location.origin}/api/status`)).rejects.toMatchObject({
    status: 502,
    detail: "",
  });
});

test("an ended session is told, a refused sign-in is not", async () => {
  const ended = vi.fn();
  session.ended = ended;
  answers(new Response("{}", { status: 401 }), new Response("{}", { status: 401 }));
  await change("/api/session").catch(() => {});
  expect(ended).not.toHaveBeenCalled();
  await read("/api/status").catch(() => {});
  expect(ended).toHaveBeenCalledOnce();
});

test("a broken line is noticed, and that it is back", async () => {
  const told: boolean[] = [];
  const listener = () => told.push(line.up);
  line.listeners.add(listener);
  answers(new TypeError("failed"), new Response("{}"));
  await expect(read("/api/status")).rejects.toMatchObject({ status: 0 });
  await read("/api/status");
  line.listeners.delete(listener);
  expect(told).toEqual([false, true]);
});
