/** What a visitor is told when there is no result. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { finished, picture, run, runs, text, withPage } from "./support.mjs";

const ERRORS = [
  ["Syntax error", "def main():\n    x = = 1", 2],
  ["Missing main", "x = 1", null],
  ["Exception", "def main():\n    a = 1\n    return a / 0", 3],
  ["Exit", "import sys\ndef main():\n    sys.exit(4)", null],
  ["Not serializable", "def main():\n    return object()", null],
  ["Timeout", "import time\ndef main():\n    time.sleep(9)", null],
  ["Fuel exhausted", "def main():\n    while True: pass", null],
  ["Output exceeded", "def main():\n    while True: print('x' * 1000)", null],
  ["Result too large", "def main():\n    return 'x' * (5 << 20)", null],
  ["Memory exceeded", "def main():\n    return len(bytearray(1 << 30))", null],
];

for (const [title, source, line] of ERRORS) {
  test(`${title.toLowerCase()} is told${line ? `, and line ${line} is marked` : ""}`, () =>
    withPage(async (page) => {
      await page.locator("#limits-box summary").click();
      if (title === "Timeout") await page.fill("#timeout_ms", "200");
      if (title === "Fuel exhausted") await page.fill("#fuel", "500000000");
      await runs(page, source);
      assert.equal(await text(page, "#problem h2"), title);
      assert.match(await text(page, "#status"), /^Failed/);
      const marked = await page.evaluate(() =>
        [...document.querySelectorAll(".cm-line")].findIndex((each) => each.classList.contains("cm-error-line")),
      );
      if (line) assert.equal(marked, line - 1);
      await picture(page, `error-${title.toLowerCase().replaceAll(" ", "-")}`);
    }));
}

test("the traceback is shown, a button leads to its line, and the mark goes with the next run", () =>
  withPage(async (page) => {
    await runs(page, "def main():\n    return {}['missing']\n");
    assert.match(await text(page, "#problem pre"), /File "script\.py", line 2/);
    await page.getByRole("button", { name: "Go to line 2" }).click();
    assert.ok(await page.locator(".cm-activeLine.cm-error-line").isVisible());
    await page.keyboard.press("End");
    await runs(page, "def main():\n    return 1\n");
    assert.equal(await page.locator(".cm-error-line").count(), 0);
    assert.equal(await page.locator("#problem").isVisible(), false);
  }));

test("a program's uncaught exception marks its line too", () =>
  withPage(async (page) => {
    await page.getByRole("radio", { name: "Program" }).check();
    await runs(page, "print(1)\nraise ValueError('no')\n");
    assert.match(await text(page, ".cm-error-line"), /raise ValueError/);
  }));

test("a limit that was set offers to be raised", () =>
  withPage(async (page) => {
    await page.locator("#limits-box summary").click();
    await page.fill("#timeout_ms", "100");
    await runs(page, "import time\ndef main():\n    time.sleep(0.25)\n    return 'slept'");
    await page.getByRole("button", { name: "Set timeout_ms to 400" }).click();
    assert.equal(await page.inputValue("#timeout_ms"), "400");
    await run(page);
    assert.match(await text(page, "#result"), /slept/);
  }));

test("a server that can't be reached is told", () =>
  withPage(
    async (page, context) => {
      await context.setOffline(true);
      await page.getByRole("button", { name: "Run" }).click();
      await finished(page);
      assert.match(await text(page, "#problem"), /can't be reached/);
      await context.setOffline(false);
      await run(page);
      assert.match(await text(page, "#result"), /Hello/);
    },
    { expectsViolations: true },
  ));

test("a server that is busy says when to come back", () =>
  withPage(async (page) => {
    await page.route("**/execute", (route) =>
      route.fulfill({
        status: 503,
        contentType: "application/json",
        body: '{"error": "every sandbox is busy; try again in 2 s", "error_type": "overloaded", "request_id": "abc"}',
      }),
    );
    await run(page);
    assert.match(await text(page, "#problem"), /Overloaded[^]*try again in 2 s[^]*Request abc/);
  }));
