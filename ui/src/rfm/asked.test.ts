import { expect, test } from "vitest";
import { address, number, query } from "./asked";
import { viewOf } from "./page";

const day = (moment: number) => new Date(moment).toISOString().slice(0, 10);

test("what is asked follows from the address", () => {
  const mean = query(viewOf({ at: "2026-04-01", back: "30", event: "Paid" }), day);
  expect(mean).toEqual({
    orders: "Paid",
    days: 365,
    at: "2026-04-01",
    by: "mean",
    since: "2026-03-02",
  });
  const share = query(viewOf({ by: "quantile", low: "80", window: "0", back: "x" }), day);
  expect(share).toMatchObject({ share: 0.8, days: 0 });
});

test("thresholds by hand wait until all are said", () => {
  const some = { by: "hand", days: "30", orders: "2", at: "2026-04-01" };
  expect(query(viewOf(some), day)).toBeUndefined();
  const all = query(viewOf({ ...some, amount: "99.5" }), day);
  expect(all).toMatchObject({ high_days: 30, high_orders: 2, high_amount: 99.5 });
  expect(query(viewOf({ ...some, amount: "much" }), day)).toBeUndefined();
});

test("the file is of what is shown", () => {
  const asked = query(viewOf({ at: "2026-04-01", back: "90" }), day);
  expect(asked && address(asked)).toBe("days=365&at=2026-04-01&by=mean&since=2026-01-01");
  expect(number(" ")).toBeUndefined();
});
