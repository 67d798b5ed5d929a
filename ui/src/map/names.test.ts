import { describe, expect, it } from "vitest";
import { sourcesOf } from "./Credits";
import { labelIn } from "./names";

/** What a map would write by such an expression. */
function written(language: string, place: Record<string, string>): string | undefined {
  const [, ...gets] = labelIn(language) as [string, ...[string, string][]];
  return gets.map(([, word]) => place[word]).find((name) => name !== undefined);
}

describe("names of places in a layer of its own", () => {
  const place = { name: "Hangzhou 杭州", "name:zh": "杭州", "name:en": "Hangzhou" };
  it("follow the language of the page", () => {
    expect(written("en", place)).toBe("Hangzhou");
    expect(written("zh", place)).toBe("杭州");
  });
  it("are what is written there where nothing is said in the language", () => {
    expect(written("en", { name: "西湖", "name:zh": "西湖" })).toBe("西湖");
    expect(written("zh", { name: "Paris", "name:en": "Paris" })).toBe("Paris");
  });
});

describe("sources of what is drawn", () => {
  const t = ((key: string) => (key === "map.source_between" ? " " : key)) as never;
  const told = (replaced: string[], level: "province" | "city" | "cell") =>
    sourcesOf(replaced, level, t).split(" ");
  it("name what is shipped, as long as it is drawn", () => {
    const all = ["map.source_borders", "map.source_land", "map.source_towns"];
    expect(told([], "province")).toEqual(all);
    expect(told(["metro", "district"], "province")).toEqual(all);
    expect(told(["province"], "city")).toEqual(all);
  });
  it("leave out what was replaced", () => {
    expect(told(["province"], "cell")).not.toContain("map.source_borders");
    expect(told(["province", "city"], "city")).not.toContain("map.source_borders");
    expect(told(["world"], "province")).not.toContain("map.source_land");
  });
});
