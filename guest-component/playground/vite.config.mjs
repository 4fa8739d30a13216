/** How Vite makes the page; `tools/bundle.mjs` says what else there is to do. */

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** What browsers two years back understand; `light-dark()` in the style sheet is as young as that. */
export const TARGET = ["chrome123", "firefox120", "safari17.5"];
/** Digests of eight digits, by which the front tells what may be kept for ever. */
const NAME = "assets/[name]-[hash:8]";

/** A server for `npm run dev`: the page as it is written, and everything else of a Belljar that runs. */
const belljar = process.env.BELLJAR_URL ?? "http://127.0.0.1:8000";
const proxy = Object.fromEntries(["/execute", "/run", "/runtime", "/openapi.json"].map((path) => [path, belljar]));

/**
 * Formulas without a font of their own: the page's policy has no room for one, and without it there
 * are the letters of the system's mathematical fonts.
 */
const withoutFont = {
  name: "without-font",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith("/temml/dist/Temml-Local.css")) return null;
    const rest = code.replace(/@font-face\s*\{[^}]*\}/, "").replaceAll(/font-family: ["']?Temml["']?;/g, "");
    if (rest.includes("@font-face")) throw new Error("the style sheet of formulas has another font now");
    return rest;
  },
};

export default defineConfig({
  root: fileURLToPath(new URL("src", import.meta.url)),
  publicDir: false,
  plugins: [withoutFont],
  // Paths go into what Vite tells apart: where `node_modules` is a link, it must not be followed.
  resolve: { preserveSymlinks: true },
  server: { proxy },
  build: {
    target: TARGET,
    cssTarget: TARGET,
    // The page's policy has no room for files in addresses, nor does anything get smaller by it.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        hashCharacters: "hex",
        entryFileNames: `${NAME}.js`,
        chunkFileNames: `${NAME}.js`,
        assetFileNames: `${NAME}[extname]`,
      },
    },
  },
});
