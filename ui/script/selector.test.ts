import { beforeEach, expect, test } from "vitest";
import { acted, secret, selector } from "./selector";

// jsdom has no CSS.escape.
beforeEach(() => {
  globalThis.CSS ??= { escape: (text: string) => text.replace(/[^\w-]/g, "\\$&") } as typeof CSS;
});

function page(html: string): (query: string) => Element {
  document.body.innerHTML = html;
  return (query) => {
    const found = document.querySelector(query);
    if (!found) throw new Error(query);
    return found;
  };
}

const SHOP = `
  <main id="shop"><ul>
    <li><a href="/a">A</a></li>
    <li><a href="/b"><span class="x">B</span></a></li>
  </ul>
  <form><input name="city"><button data-hs="pay">Pay</button></form>
  <div id="row-48213"><button aria-label="Close"><svg></svg></button></div></main>
  <p><b>loose</b></p>`;

test.each([
  ["li:nth-of-type(2) a", "#shop > ul > li:nth-of-type(2) > a"],
  ["input", '#shop > form > input[name="city"]'],
  ["form button", 'button[data-hs="pay"]'],
  // An id with a number in it is another tomorrow.
  ["div button", '#shop > div > button[aria-label="Close"]'],
  ["b", "p > b"],
])("%s is named by what stays", (query, expected) => {
  const found = page(SHOP)(query);
  expect(selector(found)).toBe(expected);
  expect(document.querySelectorAll(selector(found))).toHaveLength(1);
});

test("names that frameworks make up do not count", () => {
  for (const id of [":r1:", "radix-2", "css-1q2w3e", "a1b2c3d4e5f6"]) {
    const find = page(`<section><i id="${id}"></i></section>`);
    expect(selector(find("i"))).toBe("section > i");
  }
});

test("a name with quotes is still a selector", () => {
  const find = page(`<input name='a"]b'>`);
  expect(find(selector(find("input")))).toBe(find("input"));
});

test("a click on what is inside a button is one on the button", () => {
  const find = page(SHOP);
  expect(acted(find("span")).localName).toBe("a");
  expect(acted(find("b")).localName).toBe("b");
});

test("what is private is private with all that is in it", () => {
  const find = page(`<div data-hs-private><p><i></i></p></div><u></u>`);
  expect(secret(find("i"))).toBe(true);
  expect(secret(find("u"))).toBe(false);
});
