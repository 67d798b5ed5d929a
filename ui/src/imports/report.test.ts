import { expect, test } from "vitest";
import { aboutOf, faultsOf, type ImportJob, rejectedOf, reportOf, viewOf } from "./report";

const JOB = {
  id: "1",
  state: "done",
  progress: 1,
  name: "a.csv",
  preset: "orders",
  report: { rejected: { "no identifier": 2, "zero price": 1 } },
} as unknown as ImportJob;

test("rejected rows are counted over all reasons", () => {
  expect(rejectedOf(reportOf(JOB))).toBe(3);
  expect(rejectedOf({})).toBe(0);
});

test("a job that tells nothing of itself can be shown", () => {
  expect(aboutOf(JOB)).toEqual({ name: "a.csv", preset: "orders", by: "", at: "" });
});

test("faults of a column are all but what is missing", () => {
  const one = {
    column: "a",
    field: "b",
    missing: 9,
    invalid: 1,
    out_of_range: 2,
    outliers: 3,
    future: 4,
  };
  expect(faultsOf(one)).toBe(10);
});

test("a file of coordinates is seen from afar, one of names where the map begins", () => {
  const column = (field: string) => ({
    column: field,
    field,
    missing: 0,
    invalid: 0,
    out_of_range: 0,
    outliers: 0,
    future: 0,
  });
  expect(viewOf({ columns: [column("longitude")] })).toEqual({ who: "all", at: "10,20,1.3" });
  expect(viewOf({ columns: [column("province")] })).toEqual({ who: "all" });
});
