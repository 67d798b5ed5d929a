import { expect, test } from "vitest";
import { ruleOf } from "./people";

const district = (code: string) => ({ and: [{ district: { any_of: [code] } }] });

test("a rule names provinces by two digits, cities by four, districts by six", () => {
  expect(ruleOf("province", "500000")).toEqual(district("50"));
  expect(ruleOf("city", "320500")).toEqual(district("3205"));
  expect(ruleOf("district", "320508")).toEqual(district("320508"));
});

test("of a trade area a rule tells too, of a hexagon or another country none does", () => {
  expect(ruleOf("area", "ar_1")).toEqual({ and: [{ trade_area: { any_of: ["ar_1"] } }] });
  expect(ruleOf("cell", "8530a943fffffff")).toBeUndefined();
  expect(ruleOf("province", "BRA")).toBeUndefined();
});
