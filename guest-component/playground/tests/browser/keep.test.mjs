/** Keeping and passing on a program: links, drafts, files, other people's tools. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { finished, open, run, runs, script, text, type, URL_OF_SERVER, withPage } from "./support.mjs";

const SOURCE = "def main(x):\n    return ['it\\'s', \"täst\", x]  # $HOME `id` \\\\ 😀\n";

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

async function fill(page) {
  await type(page, SOURCE);
  await page.fill("#input", '{"n": 12345678901234567890, "q": "\'"}');
  await page.locator("#limits-box summary").click();
  await page.fill("#timeout_ms", "5000");
  await page.fill("#seed", "9");
}

test("a link holds the whole program and sends nothing", () =>
  withPage(async (page, context) => {
    await fill(page);
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.getByRole("button", { name: "Share" }).click();
    await page.waitForFunction(() => document.querySelector("#status").textContent === "Link copied.");
    assert.deepEqual(asked, []);
    const link = await clipboard(page);
    assert.ok(link.startsWith(`${URL_OF_SERVER}/#1`), link);

    const visitor = await context.browser().newContext();
    const other = await visitor.newPage();
    await other.goto(link);
    await other.waitForSelector("body[data-editor=ready]");
    assert.equal(await script(other), SOURCE);
    assert.equal(await other.inputValue("#seed"), "9");
    assert.equal(await other.inputValue("#timeout_ms"), "5000");
    await run(other);
    assert.match(await text(other, "#result"), /12345678901234567890/);
    await visitor.close();
  }));

test("a link that holds nothing is told, and the page works", () =>
  withPage(async (page) => {
    for (const fragment of ["#1!!!", "#1AAAA", "#2abc", "#1"]) {
      await open(page, "/?x#");
      await page.goto("about:blank");
      await open(page, `/${fragment}`);
      assert.match(await text(page, "#status"), /holds no program/, fragment);
      assert.match(await script(page), /def main/);
    }
  }));

test("a draft survives a reload, and a link is no draft once it is edited", () =>
  withPage(async (page) => {
    await fill(page);
    await page.getByRole("radio", { name: "Program" }).check();
    await page.waitForFunction(() => localStorage.getItem("belljar.draft")?.includes('"program"'));
    await open(page);
    assert.equal(await script(page), SOURCE);
    assert.equal(await page.inputValue("#seed"), "9");
    assert.ok(await page.getByRole("radio", { name: "Program" }).isChecked());

    await page.getByRole("button", { name: "Share" }).click();
    await page.waitForFunction(() => location.hash.startsWith("#1"));
    await type(page, "x = 2");
    await page.waitForFunction(() => location.hash === "");
    await page.reload();
    await page.waitForSelector("body[data-editor=ready]");
    assert.equal(await script(page), "x = 2");
  }));

test("a draft that somebody broke is forgotten", () =>
  withPage(async (page) => {
    for (const draft of ["{", "null", '{"script": 5}', "[]"]) {
      await page.evaluate((value) => localStorage.setItem("belljar.draft", value), draft);
      await open(page);
      assert.match(await script(page), /Hello, World/);
    }
  }));

test("the script can be saved as a file", () =>
  withPage(async (page) => {
    await type(page, SOURCE);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "script.py");
    assert.equal(readFileSync(await download.path(), "utf8"), SOURCE);
  }));

test("the curl command does what the page does", () =>
  withPage(async (page) => {
    await fill(page);
    await run(page);
    await page.getByRole("button", { name: "Copy as curl" }).click();
    await page.waitForFunction(() => document.querySelector("#status").textContent.startsWith("curl command copied"));
    const command = await clipboard(page);
    const { result } = JSON.parse(execFileSync("sh", ["-c", `${command.trim()} -s`], { encoding: "utf8" }));
    assert.deepEqual(result.slice(0, 2), ["it's", "täst"]);
    assert.equal(result[2].q, "'");
  }));

test("the fetch call does what the page does", () =>
  withPage(async (page) => {
    await fill(page);
    await page.getByRole("button", { name: "Copy as fetch" }).click();
    await page.waitForFunction(() => document.querySelector("#status").textContent.startsWith("fetch call copied"));
    const call = await clipboard(page);
    const logged = [];
    const run = new Function("console", "fetch", `return (async () => { ${call} })()`);
    await run({ log: (value) => logged.push(value) }, fetch);
    assert.equal(logged[0].result[0], "it's");
  }));

test("an edit after a run is kept apart from its answer", () =>
  withPage(async (page) => {
    await runs(page, "def main():\n    return 1");
    await type(page, "def main():\n    return 2");
    assert.match(await text(page, "#result"), /1/);
    await run(page);
    assert.match(await text(page, "#result"), /2/);
    await finished(page);
  }));
