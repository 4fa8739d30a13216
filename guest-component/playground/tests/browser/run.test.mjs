/** Writing a script, running it, reading what it gives. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { finished, metric, picture, run, runs, script, text, type, withPage } from "./support.mjs";

test("a visitor finds a script that runs", () =>
  withPage(async (page) => {
    await page.getByRole("button", { name: "Run" }).click();
    await finished(page);
    assert.match(await text(page, "#result"), /Hello, World!/);
    assert.match(await text(page, "#status"), /^Done in \d/);
    assert.match(await text(page, "#usage"), /Memory/);
    await picture(page, "hello");
  }));

test("⌘ and Enter run as Ctrl and Enter do", () =>
  withPage(async (page) => {
    await type(page, "def main():\n    return 'by key'");
    await page.keyboard.press("Meta+Enter");
    await finished(page);
    assert.match(await text(page, "#result"), /by key/);
    // Also from a field.
    await page.fill("#input", "1");
    await type(page, "def main(x):\n    return ['from a field', x]");
    await page.locator("#input").focus();
    await page.keyboard.press("Meta+Enter");
    await page.getByText("from a field").last().waitFor();
  }));

test("usage is shown beside the limits that were asked for", () =>
  withPage(async (page) => {
    await page.locator("#limits-box summary").click();
    await page.fill("#timeout_ms", "20000");
    await page.fill("#fuel", "7000000000");
    await runs(page, "import time\ndef main():\n    time.sleep(0.3)");
    const meters = await page.locator("#usage meter").evaluateAll((all) =>
      all.map((meter) => [meter.getAttribute("aria-label"), meter.max, meter.value > 0 && meter.value < meter.max]),
    );
    assert.deepEqual(meters.slice(0, 2), [["Time", 20_000, true], ["Fuel", 7_000_000_000, true]]);
    assert.deepEqual([meters[2][0], meters[2][2]], ["Memory", true]);
    assert.match(await text(page, "#usage"), /ms of 20 s[^]*of 7 G[^]*MiB of \d+ MiB/);
  }));

test("what is typed is what runs", () =>
  withPage(async (page) => {
    await runs(page, "def main():\n    return [1, {'a': None}, 10**30, 'ü']");
    const result = await text(page, "#result");
    for (const part of ["1000000000000000000000000000000", "null", '"ü"', "2:"]) assert.ok(result.includes(part), result);
  }));

test("input, arguments, environment and seed go with it", () =>
  withPage(async (page) => {
    await page.fill("#input", '{"big": 12345678901234567890}');
    await page.locator("#streams-box summary").click();
    await page.fill("#stdin", "line");
    await page.fill("#args", "a b\nc");
    await page.fill("#env", "NAME=v=1");
    await page.locator("#limits-box summary").click();
    await page.fill("#seed", "7");
    const source = "import os, sys, random\ndef main(x):\n    return [x, sys.stdin.read(), sys.argv[1:], os.environ['NAME'], random.random()]";
    await runs(page, source);
    const first = await text(page, "#result");
    for (const part of ["12345678901234567890", '"line"', '"a b"', '"v=1"']) assert.ok(first.includes(part), first);
    await run(page);
    assert.equal(await text(page, "#result"), first, "a seed gives the same numbers");
  }));

test("input that is not JSON is told before anything is sent", () =>
  withPage(async (page) => {
    await page.fill("#input", "{'a': 1}");
    assert.match(await text(page, "#input-problem"), /Not JSON/);
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await run(page);
    assert.match(await text(page, "#problem"), /Not run/);
    assert.deepEqual(asked, []);
    assert.equal(await page.evaluate(() => document.activeElement.id), "input");
  }));

test("a program shows its exit status and both streams", () =>
  withPage(async (page) => {
    await page.getByRole("radio", { name: "Program" }).check();
    assert.equal(await page.locator("#input").isVisible(), false);
    await runs(page, "import sys\nprint('\\x1b[1;32mgreen\\x1b[0m')\nprint('oops', file=sys.stderr)\nsys.exit(3)");
    assert.match(await text(page, "#result"), /Exit status\s+3/);
    assert.equal(await text(page, "#output .stdout.bold.ansi-2"), "green");
    assert.match(await text(page, "#output .stderr"), /oops/);
    const colour = (selector) => page.locator(selector).evaluate((each) => getComputedStyle(each).color);
    assert.notEqual(await colour("#output .stderr"), await colour("#output pre"));
    await page.locator("#output").getByRole("button", { name: "Copy output" }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, "green\noops\n");
    await picture(page, "program");
  }));

test("a list of records is a table, and a tree, and text", () =>
  withPage(async (page) => {
    await runs(page, "import pandas as pd\ndef main():\n    return pd.DataFrame({'n': range(250), 's': 'x'})");
    const rows = page.locator("#result tbody tr");
    assert.equal(await rows.count(), 100);
    await picture(page, "table");
    await page.getByRole("button", { name: "150 more rows" }).click();
    assert.equal(await rows.count(), 200);
    await page.getByRole("button", { name: "50 more rows" }).click();
    assert.equal(await rows.count(), 250);
    await page.getByRole("button", { name: "Tree" }).click();
    assert.match(await text(page, "#result .tree"), /250 items/);
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    assert.equal(JSON.parse(await text(page, "#result pre")).length, 250);
  }));

test("a tree opens and closes, and shows of a long list what is asked for", () =>
  withPage(async (page) => {
    await runs(page, "def main():\n    return {'a': {'b': {'c': {'deep': 1}}}, 'long': list(range(250))}");
    const tree = page.locator("#result .tree");
    const summary = (name) => tree.locator("summary").filter({ has: page.locator(".json-name", { hasText: `${name}:` }) });
    for (const name of ["b", "c"]) await summary(name).click();
    // Waited for: children are made when they are first seen.
    const leaf = tree.locator(".leaf", { hasText: "deep: 1" });
    await leaf.waitFor();
    await summary("a").click();
    await leaf.waitFor({ state: "hidden" });
    // By keyboard, as any summary.
    await summary("a").press("Enter");
    await leaf.waitFor();
    await summary("long").click();
    const numbers = tree.locator(".leaf .json-number");
    await numbers.nth(100).waitFor();
    assert.equal(await numbers.count(), 101);
    await tree.getByRole("button", { name: "150 more" }).click();
    await numbers.nth(200).waitFor();
    assert.equal(await numbers.count(), 201);
  }));

test("a script that runs can be stopped", () =>
  withPage(async (page) => {
    const before = await metric('belljar_executions_total{outcome="cancelled"}');
    await page.locator("#limits-box summary").click();
    await page.fill("#timeout_ms", "30000");
    await type(page, "import time\ndef main():\n    time.sleep(29)");
    await page.getByRole("button", { name: "Run" }).click();
    const stop = page.getByRole("button", { name: "Stop" });
    await stop.waitFor();
    assert.equal(await page.locator("#answer").getAttribute("aria-busy"), "true");
    await stop.click();
    await finished(page);
    assert.match(await text(page, "#status"), /^Stopped/);
    // On the server, too: its sandbox is free again, and not because the script ended.
    while ((await metric("belljar_sandboxes_running")) > 0) await page.waitForTimeout(50);
    const count = await metric('belljar_executions_total{outcome="cancelled"}');
    assert.ok(count === null || count > before, `${count} after, ${before} before`);
    await runs(page, "def main():\n    return 'again'");
    assert.match(await text(page, "#result"), /again/);
  }));

test("the editor indents, closes brackets, undoes, searches and completes names", () =>
  withPage(async (page) => {
    await type(page, "");
    await page.keyboard.type("def main():\nreturn (1");
    await page.locator(".cm-matchingBracket").first().waitFor();
    assert.equal(await text(page, ".cm-line .tok-keyword >> nth=0"), "def");
    assert.match(await text(page, ".cm-lineNumbers"), /1\s+2/);
    assert.equal(await script(page), "def main():\n    return (1)");
    await page.keyboard.press("Control+z");
    assert.notEqual(await script(page), "def main():\n    return (1)");
    await type(page, "some_long_name = 1\n");
    await page.keyboard.type("some_l");
    await page.locator(".cm-tooltip-autocomplete").waitFor();
    // CodeMirror takes no choice right after the list opens, lest one types into it.
    await page.waitForTimeout(150);
    await page.keyboard.press("Enter");
    assert.equal(await script(page), "some_long_name = 1\nsome_long_name");
    await page.keyboard.press("Control+f");
    await page.locator(".cm-search input[name=search]").waitFor();
  }));
