/** Imports a module of the page in Node. */

import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

/** The exports of a file in `src`. */
export async function load(name) {
  const path = fileURLToPath(new URL(`../../src/${name}`, import.meta.url));
  return (await runnerImport(path, { configFile: false, logLevel: "error" })).module;
}
