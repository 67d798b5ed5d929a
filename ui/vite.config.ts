import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const TEXT = /\.(?:js|mjs|css|html|svg|json|geojson|topojson)$/;
const WORTH_PACKING = 1024;

/** Lays a `.br` and a `.gz` beside every text, so that the server need not pack at each request. */
function packed(): Plugin {
  return {
    name: "packed",
    apply: "build",
    async writeBundle(options, bundle) {
      const folder = options.dir ?? "";
      for (const name of Object.keys(bundle).filter((one) => TEXT.test(one))) {
        const file = join(folder, name);
        const body = await readFile(file);
        if (body.length < WORTH_PACKING) continue;
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } };
        await writeFile(`${file}.br`, await promisify(brotliCompress)(body, quality));
        await writeFile(`${file}.gz`, await promisify(gzip)(body, { level: 9 }));
      }
    },
  };
}

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
  server: { proxy: { "/api": SERVER, "/help": SERVER } },
  test: {
    environment: "jsdom",
    setupFiles: ["src/shell/testing.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
