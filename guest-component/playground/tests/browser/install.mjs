/**
 * The packages that the browser tests need, in the user's cache, so that a checkout stays as it is.
 *
 * A `node_modules` beside package.json is used instead, where somebody works on the page.
 */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LOCK = join(ROOT, "package-lock.json");

/** A folder with the packages in its `node_modules`, installed if there is none. */
export function packages() {
  if (existsSync(join(ROOT, "node_modules/playwright-core"))) return ROOT;
  const cache = process.env.BELLJAR_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "belljar");
  const digest = createHash("sha256").update(readFileSync(LOCK)).digest("hex").slice(0, 16);
  const entry = join(cache, `playground-${digest}`);
  if (existsSync(entry)) return entry;
  mkdirSync(cache, { recursive: true });
  const making = mkdtempSync(join(cache, "playground-new-"));
  try {
    for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(ROOT, name), join(making, name));
    console.log("installing the packages of the browser tests ...");
    const npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    execFileSync("npm", npm, { cwd: making, stdio: ["ignore", "ignore", "inherit"] });
    // Whole or not at all; somebody else may have been quicker.
    if (!existsSync(entry)) renameSync(making, entry);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return entry;
}

/** Where Chromium is. */
export function chromium() {
  const named = process.env.BELLJAR_CHROMIUM;
  if (named) return named;
  const folders = (process.env.PATH ?? "").split(":");
  for (const name of ["chromium", "chromium-headless-shell", "chromium-browser", "google-chrome"]) {
    const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
    if (found) return found;
  }
  throw new Error(
    "there is no Chromium: install one (Debian: apt-get install chromium-headless-shell), or name it in BELLJAR_CHROMIUM",
  );
}
