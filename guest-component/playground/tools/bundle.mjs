/** Makes the page's files out of its sources, the same bytes on every machine. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { TARGET } from "../vite.config.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** All that a visitor fetches, compressed: what makes the page quick on a phone. */
const MOST_BYTES = 300_000;
/** Of Vite's own words only those that matter. */
const QUIET = { logLevel: "warn" };

/** The size that each file has compressed; throws if all of them have more than a page may. */
export function sizes(files) {
  const found = new Map([...files].map(([name, bytes]) => [name, gzipSync(bytes, { level: 9 }).length]));
  const total = [...found.values()].reduce((sum, size) => sum + size, 0);
  if (total > MOST_BYTES) throw new Error(`the page has ${total} bytes compressed, more than ${MOST_BYTES}: what grew, and is it worth it?`);
  return { found, total };
}

/** Every file of the page: from its name under `assets/page/` to its bytes. */
export async function bundle() {
  const { output } = await build({ ...QUIET, configFile: join(ROOT, "vite.config.mjs"), build: { write: false } });
  const files = new Map(output.map((file) => [basename(file.fileName), Buffer.from(file.code ?? file.source)]));

  const text = await licences(output.flatMap((file) => file.moduleIds ?? []));
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  files.set(`licences-${digest}.txt`, text);
  const page = String(files.get("index.html")).replace("/licences.txt", `/assets/licences-${digest}.txt`);
  files.set("index.html", Buffer.from(page));
  files.set("embed.html", Buffer.from(page.replace('data-page="index"', 'data-page="embed"')));

  // Others link to it, so its name stays. A classic script: see there.
  const element = await build({
    ...QUIET,
    configFile: false,
    publicDir: false,
    root: join(ROOT, "src"),
    build: { write: false, target: TARGET, lib: { entry: "element.ts", formats: ["iife"], name: "belljar", fileName: "embed" } },
  });
  files.set("embed.js", Buffer.from(element[0].output[0].code));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The licences of the packages that are in the bundle: they ask to travel with it. */
async function licences(modules) {
  const found = modules.map((path) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const packages = [...new Set(found.filter((name) => name !== undefined))].sort();
  const texts = packages.map(async (name) => {
    const text = await readFile(join(ROOT, "node_modules", name, "LICENSE"), "utf8");
    return `${name}\n\n${text.trim()}\n`;
  });
  return Buffer.from((await Promise.all(texts)).join(`\n${"-".repeat(72)}\n\n`));
}
