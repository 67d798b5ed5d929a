import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { session } from "./api/client";
import { Problem } from "./api/problem";
import { begin, preferred } from "./i18n";
import { Looked } from "./shell/look";
import { pages } from "./shell/pages";
import { router } from "./shell/router";
import { SESSION } from "./shell/session";
import { Boundary } from "./shell/Told";
import "./shell/shell.css";

const RELOADED = "hotspring.reloaded";
const MOST_RETRIES = 3;

/** Only what may pass by itself is asked again. */
function again(count: number, error: unknown): boolean {
  return count < MOST_RETRIES && error instanceof Problem && [0, 502, 503].includes(error.status);
}

const client = new QueryClient({
  defaultOptions: { queries: { retry: again, staleTime: 2_000, networkMode: "always" } },
});
session.ended = () => client.setQueryData(SESSION, null);

// After an update of the server the pages of before are gone: load those of now, once.
addEventListener("vite:preloadError", () => {
  const now = Date.now();
  if (now - Number(sessionStorage.getItem(RELOADED) ?? 0) < 10_000) return;
  sessionStorage.setItem(RELOADED, String(now));
  location.reload();
});

// What the address names is fetched while the rest of the page finds out who is there.
const first = pages.find((page) => page.path === location.pathname);
void first?.load().catch(() => undefined);

const place = document.getElementById("root");
await begin(preferred());
if (place) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Looked>
          <Boundary>
            <RouterProvider router={router} />
          </Boundary>
        </Looked>
      </QueryClientProvider>
    </StrictMode>,
  );
}
