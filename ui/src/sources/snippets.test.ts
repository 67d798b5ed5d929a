import { expect, test } from "vitest";
import { NAMES } from "./names";
import { BLANK, receiver, snippet } from "./snippets";

const PLACE = { address: "https://heat.example.com", key: "wk_abc-1", project: "shop" };

test.each(NAMES)("%s names the address and the key, once each", (name) => {
  const text = snippet(name, PLACE);
  expect(text.split(PLACE.address)).toHaveLength(2);
  expect(text.split(PLACE.key)).toHaveLength(2);
  expect(text).not.toContain(BLANK);
});

test("the libraries of Sensors get the key and the project in their address", () => {
  expect(receiver(PLACE)).toBe("https://heat.example.com/sa?project=shop&token=wk_abc-1");
});

test("a project of any letters is one word of the address", () => {
  const address = new URL(receiver({ ...PLACE, project: "茶 & co" }));
  expect(address.searchParams.get("project")).toBe("茶 & co");
  expect(address.searchParams.get("token")).toBe(PLACE.key);
});
