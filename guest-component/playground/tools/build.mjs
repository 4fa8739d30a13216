/** `npm run build`: makes the page anew, into `../assets/page`. */

import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundle } from "./bundle.mjs";

const TARGET = fileURLToPath(new URL("../../assets/page", import.meta.url));
/** All that a visitor fetches, compressed: what makes the page quick on a phone. */
const MOST_BYTES = 300_000;

const files = await bundle();
await rm(TARGET, { recursive: true, force: true });
await mkdir(TARGET, { recursive: true });
let total = 0;
for (const [name, bytes] of files) {
  await writeFile(join(TARGET, name), bytes);
  const packed = gzipSync(bytes, { level: 9 }).length;
  total += packed;
  console.log(`${name.padEnd(26)} ${String(bytes.length).padStart(8)} ${String(packed).padStart(8)} compressed`);
}
console.log(`${total} bytes compressed in all`);
if (total > MOST_BYTES) throw new Error(`that is more than ${MOST_BYTES}: what grew, and is it worth it?`);
