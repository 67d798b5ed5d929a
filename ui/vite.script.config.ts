import { defineConfig } from "vite";
import { packed } from "./packed.ts";

/** What runs on pages of others: `/hs.js`, and in the mode `clicks` what shows clicks there.
 * Each is one file, no imports, no names of its own but one. */
export default defineConfig(({ mode }) => ({
  plugins: [packed()],
  publicDir: false,
  build: {
    emptyOutDir: false,
    target: "es2020",
    lib:
      mode === "clicks"
        ? { entry: "script/clicks.ts", ...whole("hs-clicks") }
        : { entry: "script/hs.ts", ...whole("hs") },
  },
}));

function whole(name: string) {
  return { formats: ["iife" as const], name: name.replace("-", "_"), fileName: () => `${name}.js` };
}
