import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { packed } from "./packed.ts";

const SERVER = process.env.HOTSPRING_SERVER ?? "http://127.0.0.1:8765";

export default defineConfig({
  plugins: [react(), packed()],
  build: {
    manifest: true,
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // What every first load needs comes in few parts: a request each would cost more than bytes.
        codeSplitting: {
          groups: [{ name: "shell", test: /\/src\/(?:main\.tsx|[^/]+\/page\.ts)$/ }],
        },
      },
    },
  },
  server: { proxy: { "/api": SERVER, "/help": SERVER, "/hs.js": SERVER } },
  test: {
    environment: "jsdom",
    setupFiles: ["src/shell/testing.ts"],
    include: ["{src,script}/**/*.test.{ts,tsx}"],
  },
});
