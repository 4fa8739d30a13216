/** A browser, pages of it, and what tests do with them again and again. */

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before } from "node:test";

const { BELLJAR_URL, BELLJAR_METRICS, BELLJAR_CHROMIUM, BELLJAR_PACKAGES, BELLJAR_SCREENSHOTS } = process.env;
const require = createRequire(join(BELLJAR_PACKAGES, "package.json"));

export const URL_OF_SERVER = BELLJAR_URL;
/** Far longer than anything takes, also on a machine that does something else for a while. */
const TIMEOUT_MS = 60_000;

let browser;
before(async () => {
  browser = await require("playwright-core").chromium.launch({
    executablePath: BELLJAR_CHROMIUM,
    args: ["--headless", "--no-sandbox", "--disable-gpu"],
  });
});
after(() => browser?.close());

/**
 * Opens the page in a browser without history; calls `use(page)`; then checks that nothing was
 * logged as an error, that no rule of the policy was broken, and that no other host was asked, but
 * for those whose addresses begin with what `allow` gives.
 */
export async function withPage(use, { path = "/", expectsViolations = false, allow, ...options } = {}) {
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"], ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  const errors = [];
  const foreign = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    // A script's failure is a 400, which the browser notes by itself.
    if (message.type() === "error" && !/status of (400|503)/.test(message.text())) errors.push(message.text());
  });
  page.on("request", (request) => {
    const url = request.url();
    if (/^(https?|wss?):/.test(url) && !url.startsWith(BELLJAR_URL)) foreign.push(url);
  });
  try {
    await open(page, path);
    await use(page, context);
    if (!expectsViolations) assert.deepEqual(errors, [], "the browser noted errors");
    const others = foreign.filter((url) => !allow || !url.startsWith(allow()));
    assert.deepEqual(others, [], "another host was asked");
  } finally {
    await context.close();
  }
}

/** Opens a path, and waits for the editor. */
export async function open(page, path = "/") {
  await page.goto(BELLJAR_URL + path);
  await page.waitForSelector("body[data-editor=ready]");
}

/** What a run used, in answers that are made up. */
export const USAGE = { duration_ms: 1, fuel: 1, memory_bytes: 65536, memory_pages: 1 };

/** Answers the next requests by itself: a server that a script has taken over. */
export function answering(page, body, status = 200) {
  const answer = { stdout: "", stderr: "", truncated: [], usage: USAGE, ...body };
  return page.route("**/execute", (route) =>
    route.fulfill({ status, contentType: "application/json", body: JSON.stringify(answer) }),
  );
}

/** Replaces the script. */
export async function type(page, script) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  // As one insertion: typed key by key, the editor would close brackets and indent by itself.
  await page.keyboard.insertText(script);
}

/** Runs what is there, and waits for the end. */
export async function run(page) {
  await page.keyboard.press("Control+Enter");
  await finished(page);
}

export async function finished(page) {
  await page.waitForFunction(() => {
    const text = document.querySelector("#status").textContent;
    return /^(Done|Failed|Ended|Stopped|Not|There|Expected|The )/.test(text) && !document.querySelector("#run").hidden;
  });
}

export async function runs(page, script) {
  await type(page, script);
  await run(page);
}

export const text = (page, selector) => page.locator(selector).innerText();

/** The script in the editor. */
export const script = (page) =>
  page.evaluate(() => [...document.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));

/** What axe finds wrong with the page. */
export async function violations(page) {
  const source = require.resolve("axe-core");
  // Evaluated, not added as an element: the page's policy would rightly refuse that.
  const { readFileSync } = await import("node:fs");
  await page.evaluate(readFileSync(source, "utf8"));
  const { violations: found } = await page.evaluate(() => window.axe.run(document, { iframes: false }));
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} (${node.failureSummary})`).join("; ")}`);
}

/** The value of one of the server's metrics, by its name with its labels; null for a server that is not ours. */
export async function metric(name) {
  if (!BELLJAR_METRICS) return null;
  const text = await (await fetch(BELLJAR_METRICS)).text();
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return Number(line?.split(" ").at(-1));
}

/** Those that docs/playground.md shows. */
const IN_DOCS = ["plot", "error-exception", "with-a-result-dark", "embed", "phone", "frame", "table", "running"];

/** Leaves a picture for the documentation, if pictures are wanted. */
export async function picture(page, name) {
  if (BELLJAR_SCREENSHOTS && IN_DOCS.includes(name)) await page.screenshot({ path: join(BELLJAR_SCREENSHOTS, `${name}.png`) });
}
