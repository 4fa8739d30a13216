/**
 * `npm run browser`: tests the page in Chromium against a server.
 *
 * Needs Node 20, Chromium, and `BELLJAR_BIN` as `cargo xtask` makes it (or
 * `BELLJAR_URL`). With `BELLJAR_SCREENSHOTS=docs/images` it makes the documentation's pictures.
 * Arguments select tests by name. Exits with 0 if all pass.
 */

import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, packages } from "./install.mjs";
import { belljar } from "./server.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));

const environment = { ...process.env, BELLJAR_CHROMIUM: chromium(), BELLJAR_PACKAGES: packages() };
const server = await belljar();
const files = readdirSync(HERE).filter((name) => name.endsWith(".test.mjs"));
const names = process.argv.slice(2).map((name) => `--test-name-pattern=${name}`);
// One file after the other: two browsers at once are slower than one on a small machine.
const tests = spawn(
  process.execPath,
  ["--test", "--test-concurrency=1", "--test-reporter=spec", ...names, ...files.map((name) => join(HERE, name))],
  { stdio: "inherit", env: { ...environment, BELLJAR_URL: server.url, BELLJAR_METRICS: server.metrics } },
);
tests.on("exit", (status) => {
  server.stop();
  process.exit(status ?? 1);
});
