import { expect, test } from "vitest";
import { field } from "./forms";

test.each([
  ['<input name="city">', "city"],
  ['<input id="city">', "city"],
  ['<select name="size"></select>', "size"],
  ['<input name="p" type="password">', undefined],
  ['<input name="p" type="hidden">', undefined],
  ['<input name="card" autocomplete="cc-number">', undefined],
  ['<input name="code" autocomplete="one-time-code">', undefined],
  ['<div data-hs-private><input name="illness"></div>', undefined],
  ["<button>Pay</button>", undefined],
])("%s is told as %s", (html, name) => {
  document.body.innerHTML = `<form>${html}</form>`;
  const target = document.querySelector("input,select,button");
  expect(field(target)?.name).toBe(name);
});
