import { expect, test } from "vitest";
import en from "./en";
import { filled, recognised, sentences, translated } from "./sentences";
import zh from "./zh";

const known = sentences(en);
const fill =
  (catalogue: Record<string, string>) => (code: string, values: Record<string, string>) =>
    filled(catalogue[code] ?? code, values);
const chinese = (text: string) => translated(known, fill(zh), text);

test("every sentence is recognised as itself, whatever is filled in", () => {
  for (const [code, text] of Object.entries(en)) {
    const said = text.replace(/\{\{\w+\}\}/g, "11");
    const found = recognised(known, said);
    const same = found && fill(en)(found.code, found.values);
    expect([code, same]).toEqual([code, said]);
  }
});

test("both languages fill in the same values, and Chinese is Chinese", () => {
  const blanks = (text = "") => [...new Set(text.match(/\{\{\w+\}\}/g))].sort();
  const told: Record<string, string> = zh;
  for (const [code, text] of Object.entries(en)) {
    expect([code, blanks(told[code])]).toEqual([code, blanks(text)]);
  }
  expect(Object.entries(zh).filter(([, text]) => !/[\u3400-\u9fff]/.test(text))).toEqual([]);
});

test("no two sentences look alike", () => {
  const shapes = Object.values(en).map((text) => text.replace(/\{\{\w+\}\}/g, "{}"));
  expect(shapes.filter((shape, at) => shapes.indexOf(shape) !== at)).toEqual([]);
});

test("what is filled in is kept, quotation marks are those of the page", () => {
  expect(chinese("no member is named 'Lin'")).toBe("没有名为“Lin”的成员");
  expect(chinese("a plan names at most 500 events")).toBe("一个方案最多写 500 个事件");
});

test("a sentence within a sentence is said too", () => {
  const text =
    "only 3 known profiles did 'Order' after the cut; 50 are needed: choose a longer horizon, another cut, or an event that happens more often";
  expect(chinese(text)).toContain("在切点之后只有 3 位已知用户发生过“Order”");
  expect(chinese("this import is done already")).toContain("已完成");
});

test("each fault of a request is said", () => {
  expect(chinese("body.share: Input should be greater than 0; body.cut: Field required")).toBe(
    "body.share: 必须大于 0; body.cut: 必须填写",
  );
});

test("why an identifier cannot be used is said, and of which kind it is", () => {
  const told = "openid@wx1: the value is empty; anonymous_id: the value is not a telephone number";
  expect(chinese(told)).toBe("openid@wx1: 值是空的; anonymous_id: 值不是电话号码");
});

test("each breach of a plan is said", () => {
  const told =
    'plan 3: /total: the value is not of type "number"; /: "sku" is a required property; 2 more';
  expect(chinese(told)).toBe("方案 3：/total: 类型不是“number”; /: 缺少必填的属性“sku”; 另有 2 处");
});

test("what is not known stays as it is", () => {
  expect(chinese("something nobody foresaw")).toBe("something nobody foresaw");
  expect(chinese("a; b: c")).toBe("a; b: c");
  expect(chinese("")).toBe("");
});
