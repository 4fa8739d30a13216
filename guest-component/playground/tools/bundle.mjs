/** Makes the page's files out of its sources, the same bytes on every machine. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const source = (name) => join(ROOT, "src", name);
/** Paths go into the names of files: where `node_modules` is a link, it must not be followed. */
const PATHS = { absWorkingDir: ROOT, preserveSymlinks: true };
/** What browsers two years back understand; `light-dark()` in the style sheet is as young as that. */
const TARGET = ["chrome123", "firefox120", "safari17.5"];
const COMMON = { bundle: true, minify: true, charset: "utf8", write: false, legalComments: "none", ...PATHS };

/** Every file of the page: from its name under `assets/page/` to its bytes. */
export async function bundle() {
  const modules = await build({
    ...COMMON,
    entryPoints: [source("main.ts")],
    metafile: true,
    format: "esm",
    splitting: true,
    target: TARGET,
    loader: { ".py": "text" },
    outdir: "out",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
  });
  const element = await build({
    ...COMMON,
    entryPoints: [source("element.ts")],
    format: "iife",
    target: TARGET,
    outfile: "out/embed.js",
  });
  const style = await build({
    ...COMMON,
    entryPoints: [source("style.css")],
    target: TARGET,
    outdir: "out",
    entryNames: "[name]-[hash]",
  });
  const outputs = [modules, style].flatMap(({ outputFiles }) => outputFiles);
  const files = new Map(outputs.map((file) => [basename(file.path), file.contents]));
  for (const [name, bytes] of [
    ["icon.svg", await readFile(source("icon.svg"))],
    ["licences.txt", await licences(modules.metafile)],
  ]) {
    const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
    files.set(name.replace(".", `-${digest}.`), bytes);
  }

  const template = await readFile(source("page.html"), "utf8");
  for (const page of ["index", "embed"]) files.set(`${page}.html`, Buffer.from(fill(template, page, files)));
  // Others link to it, so its name stays.
  files.set("embed.js", element.outputFiles[0].contents);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The licences of the packages that are in the bundle: they ask to travel with it. */
async function licences({ inputs }) {
  const found = Object.keys(inputs).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const packages = [...new Set(found.filter((name) => name !== undefined))].sort();
  const texts = packages.map(async (name) => {
    const text = await readFile(join(ROOT, "node_modules", name, "LICENSE"), "utf8");
    return `${name}\n\n${text.trim()}\n`;
  });
  return Buffer.from((await Promise.all(texts)).join(`\n${"-".repeat(72)}\n\n`));
}

/** The page with the names that files have in this build. */
function fill(template, page, files) {
  return template.replaceAll(/\{\{([\w.]+)\}\}/g, (_, name) => {
    if (name === "page") return page;
    const [stem, extension] = name.split(".");
    const hashed = [...files.keys()].find((file) => new RegExp(`^${stem}-\\w+\\.${extension}$`).test(file));
    if (!hashed) throw new Error(`page.html wants ${name}, which the build does not have`);
    return `/assets/${hashed}`;
  });
}
