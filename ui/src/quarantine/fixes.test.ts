import { expect, test } from "vitest";
import { draftOf, faultOf, fixOf, KINDS } from "./fixes";

test("a fix goes out as the API takes it", () => {
  expect(fixOf(draftOf("time"))).toEqual({ do: "time", to: "received" });
  expect(fixOf(draftOf("new_id"))).toEqual({ do: "new_id" });
  const set = { kind: "set" as const, values: { property: "price", value: "12" } };
  expect(fixOf(set)).toEqual({ do: "set", property: "price", value: 12 });
  expect(fixOf({ ...set, values: { property: "size", value: "L" } })).toEqual({
    do: "set",
    property: "size",
    value: "L",
  });
});

test("an identifier stays text, and comes from one place", () => {
  const draft = {
    kind: "identify" as const,
    values: { kind: "phone", value: "13800138000", property: "" },
  };
  expect(fixOf(draft)).toEqual({ do: "identify", kind: "phone", value: "13800138000" });
  expect(faultOf(draft)).toBeUndefined();
  expect(faultOf({ ...draft, values: { kind: "phone", value: "1", property: "tel" } })).toBe(
    "value",
  );
  expect(faultOf({ ...draft, values: { kind: "phone", value: "", property: "" } })).toBe("value");
});

test("what is empty or no JSON is named", () => {
  expect(faultOf(draftOf("rename"))).toBe("property");
  expect(faultOf(draftOf("replace", "[1]"))).toBe("body");
  expect(faultOf(draftOf("replace", '{"type":"track"}'))).toBeUndefined();
});

test.each(KINDS)("%s begins with a form for each of its fields", (kind) => {
  expect(draftOf(kind).kind).toBe(kind);
});
