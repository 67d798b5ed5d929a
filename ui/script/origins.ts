/** Where a visit comes from: campaign, referrer, search engine and keyword; and what is sought here. */

/** Part of a host, and where its address holds what was sought, as far as it still tells. */
const ENGINES: [name: string, host: RegExp, words: string[]][] = [
  ["baidu", /(^|\.)baidu\.com$/, ["wd", "word", "kw"]],
  ["google", /(^|\.)google\.[a-z.]+$/, ["q"]],
  ["bing", /(^|\.)bing\.com$/, ["q"]],
  ["sogou", /(^|\.)sogou\.com$/, ["query", "keyword"]],
  ["so", /(^|\.)(so|haosou)\.com$/, ["q"]],
  ["shenma", /(^|\.)sm\.cn$/, ["q"]],
  ["toutiao", /^so\.toutiao\.com$/, ["keyword"]],
  ["quark", /(^|\.)quark\.cn$/, ["q"]],
  ["duckduckgo", /(^|\.)duckduckgo\.com$/, ["q"]],
  ["yahoo", /(^|\.)yahoo\.[a-z.]+$/, ["p"]],
  ["yandex", /(^|\.)yandex\.[a-z.]+$/, ["text"]],
  ["naver", /(^|\.)naver\.com$/, ["query"]],
  ["ecosia", /(^|\.)ecosia\.org$/, ["q"]],
];
const LONGEST = 200;

export interface Referrer {
  url: string;
  type?: "search";
  /** Of the search engine. */
  name?: string;
  keyword?: string;
}

/** What UTM parameters say, in the words of Segment; nothing where there are none. */
export function campaign(query: URLSearchParams): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [name, value] of query) {
    if (!name.startsWith("utm_") || !value) continue;
    const own = name.slice(4);
    found[own === "campaign" ? "name" : own] = value.slice(0, LONGEST);
  }
  return Object.keys(found).length ? found : undefined;
}

/** Who led here; nothing where it is unknown or a page of the same site. */
export function referrer(address: string, host: string): Referrer | undefined {
  const from = parsed(address);
  if (!from || from.hostname === host) return undefined;
  const found: Referrer = { url: bare(from) };
  for (const [name, hosts, words] of ENGINES) {
    if (!hosts.test(from.hostname)) continue;
    found.type = "search";
    found.name = name;
    const keyword = first(from.searchParams, words);
    if (keyword) found.keyword = keyword;
    break;
  }
  return found;
}

/** What somebody seeks on this site, by the parameters that hold it. */
export function sought(query: URLSearchParams, names: string[]): string {
  return first(query, names);
}

/** An address without its query and fragment: they may name people. */
export function bare(address: URL): string {
  return address.origin + address.pathname;
}

/** The path by which a page is known; a route in the fragment (`#/cart`) is part of it. */
export function path(address: { pathname: string; hash: string }): string {
  const route = /^#!?(\/[^?]*)/.exec(address.hash);
  return address.pathname + (route ? `#${route[1]}` : "");
}

export function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

function first(query: URLSearchParams, names: string[]): string {
  for (const name of names) {
    const value = query.get(name)?.trim();
    if (value) return value.slice(0, LONGEST);
  }
  return "";
}
