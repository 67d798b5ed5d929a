import { createRootRoute, createRoute, createRouter, Outlet } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { lazy, Suspense } from "react";
import { Frame } from "./Frame";
import { Guard } from "./Guard";
import { Lost } from "./Lost";
import type { Page, Raw } from "./page";
import { pages } from "./pages";
import { Boundary } from "./Told";

const root = createRootRoute({ component: Outlet, notFoundComponent: Lost });

function shown(page: Page) {
  const Content = lazy(page.load);
  const content = (
    <Boundary key={page.path}>
      <Suspense fallback={<Skeleton active className="content" />}>
        <Content />
      </Suspense>
    </Boundary>
  );
  if (page.open) return () => content;
  return () => (
    <Guard page={page}>
      <Frame page={page}>{content}</Frame>
    </Guard>
  );
}

const routes = pages.map((page) =>
  createRoute({ getParentRoute: () => root, path: page.path, component: shown(page) }),
);

/** Addresses of pages; what stands behind the question mark are plain texts. */
export const router = createRouter({
  routeTree: root.addChildren(routes),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const said = Object.entries(search as Raw).filter(([, value]) => value !== undefined);
    const text = new URLSearchParams(said as [string, string][]).toString();
    return text && `?${text}`;
  },
  defaultPreload: false,
  scrollRestoration: true,
});
