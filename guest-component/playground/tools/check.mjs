/** Part of `npm run check`: the files in `../assets/page` are what the sources give, and few enough bytes. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, sizes } from "./bundle.mjs";

const TARGET = process.env.BELLJAR_PAGE ?? fileURLToPath(new URL("../../assets/page", import.meta.url));

const files = await bundle();
const there = await readdir(TARGET).catch(() => []);
const problems = there.filter((name) => !files.has(name)).map((name) => `${name} is not of this build`);
for (const [name, bytes] of files) {
  if (!there.includes(name)) problems.push(`${name} is missing`);
  else if (!Buffer.from(bytes).equals(await readFile(join(TARGET, name)))) problems.push(`${name} differs`);
}
if (problems.length > 0) {
  console.error(`assets/page is not what playground/src gives:\n  ${problems.join("\n  ")}\nRun \`npm run build\` and commit what it makes.`);
  process.exit(1);
}
const { total } = sizes(files);
console.log(`assets/page is what the sources give (${files.size} files, ${total} bytes compressed)`);
