import createClient from "openapi-fetch";
import { Problem, problemOf } from "./problem";
import type { paths } from "./schema";

const SAFE = ["GET", "HEAD", "OPTIONS"];

/** What the API is asked with: the secret of this session, and whom to tell when it ended. */
export const session = { csrf: "", ended: () => {} };

/** Is the server there? Told to whoever listens, when that changes. */
export const line = {
  up: true,
  listeners: new Set<() => void>(),
  tell(up: boolean) {
    if (line.up === up) return;
    line.up = up;
    for (const listener of line.listeners) listener();
  },
};

/** `fetch` that marks what changes something and throws a `Problem` for everything but success. */
export async function ask(input: Request | string, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  if (!SAFE.includes(request.method)) request.headers.set("X-CSRF-Token", session.csrf);
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    line.tell(false);
    throw new Problem(0, "");
  }
  line.tell(true);
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.status === 401 && !request.url.includes("/api/session")) session.ended();
  throw problem;
}

/** The typed client: `told(api.GET("/api/status"))`. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  fetch: (request) => ask(request),
});

/** What was answered; refusals were thrown before. */
export async function told<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}
