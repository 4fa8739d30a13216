/** Imports a module of the page in Node. */

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The exports of a file in `src`. */
export async function load(name) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../../src/${name}`, import.meta.url))],
    bundle: true,
    format: "esm",
    target: "node20",
    loader: { ".py": "text" },
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
}
