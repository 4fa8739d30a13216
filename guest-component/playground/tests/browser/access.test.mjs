/** For everyone: by keyboard, with a screen reader, in the dark, on a phone. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { finished, open, picture, run, runs, script, text, URL_OF_SERVER, violations, withPage } from "./support.mjs";

const EVERYTHING = `import sys
def main(x):
    print("\\x1b[31mred\\x1b[0m \\x1b[44mon blue\\x1b[0m")
    print("warning", file=sys.stderr)
    return [{"a": 1, "b": "x"}, {"a": 2, "b": [1, {"c": None}]}]
`;

/** One of each kind of thing that can be displayed. */
const DISPLAYED = `import pandas as pd, sympy, matplotlib.pyplot as plt
def main():
    display(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), sympy.sqrt(sympy.Symbol("x")) / 2, "text", {1: 2})
    display({"text/markdown": "# Title\\n\\n- *one*\\n\\n\`\`\`\\ncode\\n\`\`\`\\n"}, raw=True)
    display({"application/json": {"a": [1, 2]}}, raw=True)
    plt.figure(figsize=(4, 2)); plt.plot([1, 2]); plt.title("A line"); plt.show()
`;

const STATES = [
  ["at first", async () => undefined],
  ["with a result", (page) => runs(page, EVERYTHING)],
  ["with an error", (page) => runs(page, "def main():\n    raise ValueError('no')")],
  ["with a syntax error", (page) => runs(page, "def main(:\n  pass")],
  ["with things displayed", async (page) => {
    await runs(page, DISPLAYED);
    assert.equal(await page.locator("#display :is(img, iframe, math, .markdown, .tree, pre)").count() >= 7, true);
  }],
  ["with a tree and raw JSON", async (page) => {
    await runs(page, EVERYTHING);
    await page.getByRole("button", { name: "Tree" }).click();
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "JSON", exact: true }).click();
  }],
  ["as a program that ended", async (page) => {
    await page.getByRole("radio", { name: "Program" }).check();
    await runs(page, "import sys\nprint(1)\nsys.exit(2)");
  }],
  [
    "with everything open",
    async (page) => {
      for (const id of ["streams-box", "limits-box"]) await page.locator(`#${id} summary`).click();
      await page.fill("#input", "{");
      await runs(page, EVERYTHING);
    },
  ],
];

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

for (const colorScheme of ["light", "dark"]) {
  for (const [state, reach] of STATES) {
    test(`axe finds nothing wrong ${state}, ${colorScheme}`, () =>
      withPage(
        async (page) => {
          await reach(page);
          assert.deepEqual(await violations(page), []);
          await picture(page, `${state.replaceAll(" ", "-")}-${colorScheme}`);
        },
        { colorScheme },
      ));
  }
}

test("axe finds nothing wrong on a phone", () =>
  withPage(
    async (page) => {
      for (const source of [EVERYTHING, DISPLAYED, "def main():\n    return 1 / 0"]) {
        await runs(page, source);
        assert.deepEqual(await violations(page), []);
      }
    },
    PHONE,
  ));

test("everything can be done by keyboard alone", () =>
  withPage(async (page) => {
    // Forward from the start of the page, to each control in turn.
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement;
        return element.id || element.name || element.textContent.trim().slice(0, 20) || element.className;
      });
    const order = [];
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press("Tab");
      order.push(await focused());
      if (await page.evaluate(() => document.activeElement.classList.contains("cm-content"))) break;
    }
    assert.deepEqual(order.slice(0, 9), [
      "Skip to the answer",
      "mode",
      "run",
      "examples",
      "share",
      "download",
      "copy-curl",
      "copy-fetch",
      order[8],
    ]);
    assert.ok(await page.evaluate(() => document.activeElement.classList.contains("cm-content")), "the editor");

    await page.keyboard.press("Control+a");
    await page.keyboard.type("x = 1");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement.classList.contains("cm-content")), "Tab indents");
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await page.keyboard.insertText("import time\ndef main(n):\n    time.sleep(n)\n    return 'done'");
    // The way out of the editor, as the hint beneath it says.
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Input");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "input");
    await page.keyboard.type("0.4");
    await page.keyboard.press("Control+Enter");
    await finished(page);
    assert.match(await text(page, "#result"), /done/);

    // Stop where Run was: the focus is not lost.
    await page.fill("#input", "20");
    await page.locator("#run").focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.id === "stop");
    await page.keyboard.press("Enter");
    await finished(page);
    assert.equal(await focused(), "run");

    await page.locator("#examples").focus();
    await page.keyboard.type("Regular");
    await page.waitForFunction(() => document.querySelector("#status").textContent.startsWith("Example loaded"));
    assert.match(await script(page), /import re/);
  }));

test("what happens is said, and every control has a name", () =>
  withPage(async (page) => {
    assert.equal(await page.locator("#status").getAttribute("role"), "status");
    await runs(page, "def main():\n    return 1 / 0");
    assert.match(await text(page, "#status"), /Failed in .*: exception/);
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll("button, select, input, textarea, [role=textbox], meter, iframe, img")]
        .filter((element) => {
          const label = element.labels?.length || element.getAttribute("aria-label") || element.textContent.trim();
          return !label && !element.hasAttribute("alt") && !element.title;
        })
        .map((element) => element.outerHTML),
    );
    assert.deepEqual(nameless, []);
  }));

test("dark follows the system", () =>
  withPage(
    async (page) => {
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(await ground(), "rgb(18, 22, 28)");
      await page.emulateMedia({ colorScheme: "light" });
      assert.equal(await ground(), "rgb(246, 247, 249)");
    },
    { colorScheme: "dark" },
  ));

test("a phone shows all of it, and nothing has to be scrolled sideways", () =>
  withPage(
    async (page) => {
      for (const source of [DISPLAYED, EVERYTHING]) {
        await runs(page, source);
        const { inner, wide } = await page.evaluate(() => ({
          inner: window.innerWidth,
          wide: document.documentElement.scrollWidth,
        }));
        assert.ok(wide <= inner, `${wide} > ${inner}`);
      }
      for (const id of ["run", "examples", "share", "result", "output", "usage"]) {
        assert.ok(await page.locator(`#${id}`).isVisible(), id);
      }
      assert.ok(await page.evaluate(() => document.querySelector("#answer").getBoundingClientRect().top < 400), "scrolled to");
      await picture(page, "phone");
    },
    PHONE,
  ));

test("before the editor has arrived, the script is there and runs", () =>
  withPage(async (page) => {
    await page.route("**/assets/editor-*.js", (route) => route.abort());
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await page.locator("#plain-editor").waitFor();
    await page.fill("#plain-editor", "def main():\n    return 'plain'");
    await run(page);
    assert.match(await text(page, "#result"), /plain/);
  }, { expectsViolations: true }));

test("the page is painted before the editor is there", () =>
  withPage(async (page, context) => {
    const visitor = await context.browser().newContext();
    const fresh = await visitor.newPage();
    let release;
    const painted = new Promise((resolve) => (release = resolve));
    await fresh.route("**/assets/editor-*.js", async (route) => {
      await painted;
      await route.continue();
    });
    await fresh.goto(URL_OF_SERVER, { waitUntil: "commit" });
    // It paints although the editor never comes; the script can be read, and run, already then.
    await fresh.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length === 1);
    await fresh.waitForFunction(() => document.querySelector("#plain-editor").value.includes("def main"));
    assert.equal(await fresh.locator(".cm-editor").count(), 0);
    assert.ok(await fresh.getByRole("button", { name: "Run" }).isVisible());
    release();
    await fresh.waitForSelector("body[data-editor=ready]");
    await visitor.close();
  }));

test("the page is small, and smaller the second time", () =>
  withPage(async (page, context) => {
    const visitor = await context.browser().newContext();
    const fresh = await visitor.newPage();
    const visit = async () => {
      let bytes = 0;
      const add = async (response) => {
        const { responseBodySize } = await response.request().sizes();
        bytes += responseBodySize;
      };
      fresh.on("response", add);
      await open(fresh);
      await fresh.waitForLoadState("networkidle");
      fresh.off("response", add);
      return bytes;
    };
    const [first, second] = [await visit(), await visit()];
    assert.ok(first > 20_000 && first < 300_000, `${first} bytes`);
    assert.ok(second < 10_000, `${second} bytes`);
    await visitor.close();
  }));
