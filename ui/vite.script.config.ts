import { defineConfig } from "vite";
import { packed } from "./packed.ts";

/** `/hs.js`, which runs on pages of others: one file, no imports, no names of its own but one. */
export default defineConfig({
  plugins: [packed()],
  publicDir: false,
  build: {
    emptyOutDir: false,
    target: "es2020",
    lib: { entry: "script/hs.ts", formats: ["iife"], name: "hs", fileName: () => "hs.js" },
  },
});
