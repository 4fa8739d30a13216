/**
 * `npm run check` where there may be no `node_modules`: with packages from the cache, which it fills
 * if need be, and on a copy of the sources. Exits with 0 if all is well.
 */

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packages } from "./browser/install.mjs";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const PARTS = ["package.json", "tsconfig.json", "vite.config.mjs", "src", "tools", "tests/unit"];

const home = packages();
const isHere = home === HERE;
const copy = isHere ? HERE : mkdtempSync(join(home, "check-"));
try {
  if (!isHere) {
    for (const part of PARTS) cpSync(join(HERE, part), join(copy, part), { recursive: true });
    symlinkSync(join(home, "node_modules"), join(copy, "node_modules"));
  }
  const run = (program, ...args) => {
    const env = { ...process.env, BELLJAR_PAGE: join(HERE, "../assets/page") };
    execFileSync(program, args, { cwd: copy, env, stdio: "inherit" });
  };
  run(process.execPath, join(home, "node_modules/typescript/bin/tsc"), "--noEmit");
  run(process.execPath, "--test", "--test-reporter=dot", "tests/unit/");
  run(process.execPath, "tools/check.mjs");
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  if (!isHere) rmSync(copy, { recursive: true, force: true });
}
