/** What a visitor is told when there is no result. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { finished, picture, run, runs, text, withPage } from "./support.mjs";

/** Title, script, the line that is marked, and the limit whose setting is offered. */
const ERRORS = [
  ["Syntax error", "def main():\n    x = = 1", 2],
  ["Missing main", "x = 1"],
  ["Exception", "def main():\n    a = 1\n    return a / 0", 3],
  ["Exit", "import sys\ndef main():\n    sys.exit(4)"],
  ["Not serializable", "def main():\n    return object()"],
  ["Timeout", "import time\ndef main():\n    time.sleep(9)", null, "timeout_ms"],
  ["Fuel exhausted", "def main():\n    while True: pass", null, "fuel"],
  ["Output exceeded", "def main():\n    while True: print('x' * 1000)", null, "output_bytes"],
  ["Result too large", "def main():\n    return 'x' * (5 << 20)"],
  ["Memory exceeded", "def main():\n    return len(bytearray(1 << 30))", 2, "memory_bytes"],
];

/** Low enough to be reached at once, and so that there is more to be had. */
const LOW = { timeout_ms: "200", fuel: "500000000", output_bytes: "100000", memory_bytes: "400000000" };

for (const [title, source, line, limit] of ERRORS) {
  const what = [line && `line ${line} is marked`, limit && `${limit} is offered`].filter(Boolean);
  test([`${title.toLowerCase()} is told`, ...what].join(", "), () =>
    withPage(async (page) => {
      await page.locator("#limits-box summary").click();
      if (limit) await page.fill(`#${limit}`, LOW[limit]);
      await runs(page, source);
      assert.equal(await text(page, "#problem h2"), title);
      assert.match(await text(page, "#status"), /^Failed/);
      const marked = await page.evaluate(() =>
        [...document.querySelectorAll(".cm-line")].findIndex((each) => each.classList.contains("cm-error-line")),
      );
      assert.equal(marked, line ? line - 1 : -1);
      if (limit) {
        assert.ok((await text(page, "#problem .message")).includes(limit), await text(page, "#problem .message"));
        const { limits } = await page.evaluate(async () => (await fetch("/runtime")).json());
        const offered = String(Math.min(Number(LOW[limit]) * 4, limits.maximum[limit]));
        assert.ok(Number(offered) > Number(LOW[limit]), offered);
        const offer = page.locator("#problem").getByRole("button", { name: `Set ${limit} to` });
        await offer.click();
        assert.equal(await page.inputValue(`#${limit}`), offered);
        assert.equal(await page.evaluate(() => document.activeElement.id), limit);
      } else assert.equal(await page.locator("#problem").getByRole("button", { name: /^Set / }).count(), 0);
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

test("what a limit's offer sets is what runs next", () =>
  withPage(async (page) => {
    await page.locator("#limits-box summary").click();
    await page.fill("#timeout_ms", "1000");
    // Long enough for a machine that does something else for a second or two.
    await runs(page, "import time\ndef main():\n    time.sleep(1.2)\n    return 'slept'");
    await page.getByRole("button", { name: "Set timeout_ms to 4000" }).click();
    await run(page);
    assert.match(await text(page, "#result"), /slept/);
    // The default is the most there is.
    await page.fill("#timeout_ms", "");
    await page.route("**/execute", (route) => route.fulfill({
      status: 400, contentType: "application/json", body: '{"error": "e", "error_type": "timeout", "stdout": "", "stderr": ""}',
    }));
    await run(page);
    assert.match(await text(page, "#problem"), /already at this server's maximum/);
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
