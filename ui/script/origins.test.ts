import { expect, test } from "vitest";
import { bare, campaign, path, referrer, sought } from "./origins";

test("UTM parameters are said in the words of Segment", () => {
  const query = new URLSearchParams(
    "utm_source=wechat&utm_medium=qr&utm_campaign=spring&utm_content=&utm_id=7&other=1",
  );
  expect(campaign(query)).toEqual({ source: "wechat", medium: "qr", name: "spring", id: "7" });
  expect(campaign(new URLSearchParams("a=1"))).toBeUndefined();
});

test.each([
  ["https://www.baidu.com/s?wd=%E9%BE%99%E4%BA%95", "baidu", "龙井"],
  ["https://m.baidu.com/s?word=tea", "baidu", "tea"],
  ["https://www.google.com.hk/", "google", undefined],
  ["https://cn.bing.com/search?q=green+tea", "bing", "green tea"],
  ["https://www.sogou.com/web?query=tea", "sogou", "tea"],
  ["https://www.so.com/s?q=tea", "so", "tea"],
  ["https://m.sm.cn/s?q=tea", "shenma", "tea"],
  ["https://so.toutiao.com/search?keyword=tea", "toutiao", "tea"],
  ["https://yandex.ru/search?text=tea", "yandex", "tea"],
])("%s is a search", (address, name, keyword) => {
  const found = referrer(address, "shop.example");
  expect([found?.type, found?.name, found?.keyword]).toEqual(["search", name, keyword]);
});

test("other pages are no search, and one's own no referrer", () => {
  expect(referrer("https://notbaidu.com/s?wd=tea", "shop.example")).toEqual({
    url: "https://notbaidu.com/s",
  });
  expect(referrer("https://shop.example/a", "shop.example")).toBeUndefined();
  expect(referrer("", "shop.example")).toBeUndefined();
});

test("addresses are told without what may name people", () => {
  expect(bare(new URL("https://a.example/b?mail=x@y.z#t"))).toBe("https://a.example/b");
  expect(path({ pathname: "/b", hash: "#top" })).toBe("/b");
  expect(path({ pathname: "/", hash: "#/cart?code=1" })).toBe("/#/cart");
  expect(path({ pathname: "/", hash: "#!/cart" })).toBe("/#/cart");
});

test("what is sought stands in the first of the parameters that has it", () => {
  expect(sought(new URLSearchParams("q=%20&wd=tea"), ["q", "wd"])).toBe("tea");
  expect(sought(new URLSearchParams("page=2"), ["q"])).toBe("");
});
