import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(?:js|mjs|css|html|svg|json|geojson|topojson)$/;
const WORTH_PACKING = 1024;

/** Lays a `.br` and a `.gz` beside every text, so that the server need not pack at each request. */
export function packed(): Plugin {
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
