/** Events on their way: gathered, sent, sent again; an id each, so that none counts twice. */

import { keep, random } from "./keep";

export type Message = Record<string, unknown> & { messageId: string };

const SOON_MS = 2_000;
const FULL = 20;
/** What browsers let a page send while it closes is 64 kB; so much is text of any letters. */
const PORTION = 50_000;
const MOST = 400;
const PATIENCE_MS = 30_000;
const LONGEST_WAIT_MS = 300_000;
const WAITING = "queue.";

export class Queue {
  private readonly own = WAITING + random().slice(0, 8);
  private waiting: Message[] = [];
  private timer = 0;
  private failures = 0;
  private busy = false;

  constructor(
    private readonly address: string,
    private readonly key: string,
    private readonly lasting: () => boolean,
  ) {
    addEventListener("online", () => {
      this.failures = 0;
      this.soon(0);
    });
  }

  /** Take over what other windows, or this one before, could not send. */
  adopt(): void {
    for (const name of keep.names()) {
      if (!name.startsWith(WAITING) || name === this.own) continue;
      try {
        this.waiting = [...(JSON.parse(keep.get(name)) as Message[]), ...this.waiting];
      } catch {
        // What was cut off is lost; all else goes on.
      }
      keep.drop(name);
    }
    this.write();
    if (this.waiting.length) this.soon(0);
  }

  add(message: Message): void {
    this.waiting = [...this.waiting, message].slice(-MOST);
    this.write();
    if (!this.failures) this.soon(this.waiting.length >= FULL ? 0 : SOON_MS);
  }

  /** Forget what was not sent. */
  clear(): void {
    this.waiting = [];
    keep.drop(this.own);
  }

  /** The page may never come back: hand everything to the browser. */
  leave(): void {
    if (!navigator.onLine) return;
    let rest = this.waiting;
    while (rest.length) {
      const some = portion(rest);
      if (!navigator.sendBeacon?.(this.address, this.body(some))) break;
      rest = rest.slice(some.length);
    }
    this.waiting = rest;
    this.write();
  }

  private soon(wait: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.send(), wait);
  }

  private async send(): Promise<void> {
    if (this.busy || !this.waiting.length || !navigator.onLine) return;
    this.busy = true;
    const some = portion(this.waiting);
    const wait = await this.post(this.body(some));
    this.busy = false;
    if (wait < 0) {
      const sent = new Set(some);
      this.failures = 0;
      this.waiting = this.waiting.filter((one) => !sent.has(one));
      this.write();
      if (this.waiting.length) this.soon(0);
    } else this.soon(wait);
  }

  /** Milliseconds until it is to be tried again, -1 where that is not needed. */
  private async post(body: string): Promise<number> {
    try {
      // Plain text needs no question beforehand (CORS); the door reads the bytes, not the label.
      const answer = await fetch(this.address, {
        method: "POST",
        body,
        credentials: "omit",
        signal: AbortSignal.timeout?.(PATIENCE_MS),
      });
      const { status } = answer;
      // What is refused as a whole would be refused again.
      if (status !== 408 && status !== 429 && status < 500) return -1;
      const told = Number(answer.headers.get("retry-after"));
      if (told > 0) {
        this.failures += 1;
        return told * 1_000;
      }
    } catch {
      // No network, or a page that closes.
    }
    this.failures += 1;
    return Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** this.failures) * (0.5 + Math.random() / 2);
  }

  private body(batch: Message[]): string {
    return JSON.stringify({ writeKey: this.key, batch, sentAt: new Date().toISOString() });
  }

  private write(): void {
    if (!this.lasting() || !this.waiting.length) keep.drop(this.own);
    else keep.put(this.own, JSON.stringify(this.waiting));
  }
}

function portion(messages: Message[]): Message[] {
  let size = 0;
  const end = messages.findIndex((one) => {
    size += new Blob([JSON.stringify(one)]).size;
    return size > PORTION;
  });
  return end < 0 ? messages : messages.slice(0, Math.max(end, 1));
}
