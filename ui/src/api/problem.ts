/** One of several things that are wrong with what was sent, and where: a JSON pointer. */
export interface Fault {
  where: string;
  detail: string;
}

/** What went wrong, as the server tells it (RFC 9457) or as the browser found it. */
export class Problem extends Error {
  /** 0 where no answer came at all. */
  readonly status: number;
  readonly detail: string;
  /** A word for programs, where there is one: `wrong_password`. */
  readonly code: string;
  /** Seconds after which it may be tried again; 0 where nothing was said. */
  readonly retryAfter: number;
  readonly faults: Fault[];

  constructor(status: number, detail: string, code = "", retryAfter = 0, faults: Fault[] = []) {
    super(detail || `HTTP ${status}`);
    this.status = status;
    this.detail = detail;
    this.code = code;
    this.retryAfter = retryAfter;
    this.faults = faults;
  }
}

/** Reads a refusal; an answer that is no problem document still has its status. */
export async function problemOf(response: Response): Promise<Problem> {
  let body: { detail?: unknown; code?: unknown; errors?: unknown } = {};
  try {
    body = await response.json();
  } catch {
    // A proxy in front may answer with a page of its own.
  }
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const faults = Array.isArray(body.errors) ? (body.errors as Fault[]) : [];
  const wait = Number(response.headers.get("retry-after"));
  return new Problem(
    response.status,
    text(body.detail),
    text(body.code),
    Math.max(wait || 0, 0),
    faults,
  );
}
