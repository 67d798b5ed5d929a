import { expect, test } from "vitest";
import { duration, small } from "./figures";
import { blank, filled, fitting, lacking, open, said, type Whole, within } from "./parameters";
import { sorted, turned } from "./rows";
import { pieces } from "./words";

const WHOLE: Whole = {
  $ref: "#/$defs/Asked",
  $defs: {
    Asked: {
      type: "object",
      properties: {
        steps: { format: "steps", type: "array", minItems: 1, items: { $ref: "#/$defs/Step" } },
        back: { anyOf: [{ type: "null" }, { $ref: "#/$defs/Step" }], default: null },
        window: { $ref: "#/$defs/Window", default: { amount: 7, unit: "day" } },
        days: { type: "integer", minimum: 1, default: 30 },
      },
    },
    Step: {
      properties: {
        event: { format: "event", anyOf: [{ type: "string" }, { type: "null" }] },
        where: { type: "array", default: [] },
      },
    },
    Window: { properties: { amount: { type: "integer" }, unit: { enum: ["day", "hour"] } } },
  },
};

test("an empty form has the defaults, and asks for what has none", () => {
  const form = filled({}, WHOLE);
  expect(form).toEqual({
    steps: [{ event: "", where: [] }],
    back: null,
    window: { amount: 7, unit: "day" },
    days: 30,
  });
  expect(open(form)).toEqual(["/steps/0/event"]);
});

test("only what differs from the defaults is asked, and fills the form again", () => {
  const form = { ...filled({}, WHOLE), steps: [{ event: null, where: [] }], days: 7 };
  const asked = said(form, WHOLE);
  expect(asked).toEqual({ steps: [{ event: null, where: [] }], days: 7 });
  expect(open(form)).toEqual([]);
  expect(filled(asked, WHOLE)).toEqual(form);
});

test("a part of the schema that is named elsewhere is filled in by its own fields", () => {
  expect(blank({ $ref: "#/$defs/Window" }, WHOLE)).toEqual({ amount: 0, unit: "day" });
});

test("an example leaves out events that were never seen", () => {
  const steps = [{ event: "A" }, { event: "B" }];
  expect(fitting({ steps, days: 7 }, { A: {} })).toEqual({ steps: [{ event: "A" }], days: 7 });
  expect(fitting({ steps }, { C: {} })).toBeUndefined();
  expect(fitting({ first: { event: "A" } }, {})).toBeUndefined();
});

test("what a form names and the pool has not is told with its field", () => {
  const whole = { properties: { by: { format: "dimension" }, exposure: {}, steps: {}, days: {} } };
  const form = {
    by: "properties.variant",
    exposure: { event: "B", where: [] },
    steps: [{ event: "A" }, { event: "C" }, { event: null }],
    days: 7,
  };
  expect(lacking(form, whole, { A: { price: "number" } })).toEqual([
    { field: "by", property: "variant" },
    { field: "exposure", event: "B" },
    { field: "steps", event: "C" },
  ]);
  expect(lacking(form, whole, { A: {}, B: { variant: "string" }, C: {} })).toEqual([]);
  expect(lacking({ ...form, by: "channel" }, whole, { A: {}, B: {}, C: {} })).toEqual([]);
  expect(lacking(form, whole, {})).toEqual([]);
});

test("faults are told at their fields", () => {
  const faults = [
    { where: "/steps/1/event", detail: "a" },
    { where: "/steps10", detail: "b" },
    { where: "/steps", detail: "c" },
  ];
  expect(within(faults, "steps")).toEqual([
    { where: "/1/event", detail: "a" },
    { where: "", detail: "c" },
  ]);
});

test("a sentence is cut at its figures", () => {
  expect(pieces("{a} of {b}.")).toEqual([
    { figure: "a" },
    { text: " of " },
    { figure: "b" },
    { text: "." },
  ]);
});

test("a length of time has its two largest units", () => {
  const told = [400, 59_000, 61_000, 7_140_000, 86_400_000, 93_600_000];
  expect(told.map((ms) => duration(ms, "en"))).toEqual([
    "0.4 sec",
    "59 sec",
    "1 min 1 sec",
    "1 hr 59 min",
    "1 day",
    "1 day 2 hr",
  ]);
});

test("rows without a value come last, up or down", () => {
  const rows = [[null], [2], [10]];
  expect(sorted(rows, { column: 0, way: "up" })).toEqual([[2], [10], [null]]);
  expect(sorted(rows, { column: 0, way: "down" })).toEqual([[10], [2], [null]]);
  const first = turned(undefined, 0);
  expect(turned(turned(first, 0), 0)).toBeUndefined();
});

test("a small number keeps its places", () => {
  expect(small(0.0123, "en")).toBe("0.012");
  expect(small(-0.0123, "en")).toBe("\u22120.012");
  expect(small(0.00001, "en")).toBe("< 0.0001");
});
