/** `npm run build`: makes the page anew, into `../assets/page`. */

import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, sizes } from "./bundle.mjs";

const TARGET = fileURLToPath(new URL("../../assets/page", import.meta.url));

const files = await bundle();
// Before anything is written: a page that is too large is not one to commit.
const { found, total } = sizes(files);
await rm(TARGET, { recursive: true, force: true });
await mkdir(TARGET, { recursive: true });
for (const [name, bytes] of files) {
  await writeFile(join(TARGET, name), bytes);
  console.log(`${name.padEnd(26)} ${String(bytes.length).padStart(8)} ${String(found.get(name)).padStart(8)} compressed`);
}
console.log(`${total} bytes compressed in all`);
