/** Figures and tables of real scripts. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture, runs, text, violations, withPage } from "./support.mjs";

const PLOT = `import matplotlib.pyplot as plt
import numpy as np

x = np.linspace(0, 4 * np.pi, 400)
plt.figure(figsize=(6, 3.5))
plt.plot(x, np.exp(-0.1 * x) * np.cos(x), label="damped")
plt.title("An oscillation")
plt.legend()
`;

test("a figure is an image of its size, and its title is its name", () =>
  withPage(async (page) => {
    await runs(page, `${PLOT}\ndef main():\n    plt.show()\n    return 1\n`);
    const image = page.locator("#display img");
    await image.waitFor();
    const size = await image.evaluate((each) => each.decode().then(() => [each.naturalWidth, each.naturalHeight]));
    assert.deepEqual(size, [600, 350]);
    assert.equal(await image.getAttribute("alt"), "Figure: An oscillation");
    assert.deepEqual(await violations(page), []);
    await picture(page, "plot");
  }));

test("a figure that was left open is shown", () =>
  withPage(async (page) => {
    await page.getByRole("radio", { name: "Program" }).check();
    await runs(page, PLOT);
    assert.equal(await page.locator("#display img").count(), 1);
  }));

test("a data frame is a table, and what its cells hold is text", () =>
  withPage(async (page) => {
    const source = `import pandas as pd, sympy
def main():
    display(pd.DataFrame({"name": ["<b>Ada</b>", "Bob"], "n": [1, 2]}))
    display(sympy.sqrt(sympy.Symbol("x") + 1) / 2)
    display("after")
`;
    await runs(page, source);
    const frame = page.frameLocator("#display iframe");
    assert.match(await frame.locator("table").innerText(), /<b>Ada<\/b>\s+1/);
    assert.match(await text(page, "#display pre:visible"), /after/);
    assert.deepEqual(await violations(page), []);
    await picture(page, "frame");
  }));

test("a formula is set, and its source is a button away", () =>
  withPage(async (page) => {
    await runs(page, "import sympy as s\ndef main():\n    x = s.Symbol('x')\n    display(s.Integral(s.sqrt(x) / 2, (x, 0, s.oo)), s.Matrix([[x, 1], [0, x**2]]))");
    const formulas = page.locator("#display math");
    // They are set when what sets them has been loaded, after the answer.
    await formulas.nth(1).waitFor();
    assert.equal(await formulas.count(), 2);
    // sympy writes an integral with `\limits`: they stand below and above it.
    const shapes = await formulas.evaluateAll((all) => all.map((each) => ["mfrac", "msqrt", "munderover", "mtr"].map((tag) => each.querySelectorAll(tag).length)));
    assert.deepEqual(shapes, [[1, 1, 1, 0], [0, 0, 0, 2]]);
    // Set, not only there: a fraction is higher than a line.
    assert.ok((await formulas.first().boundingBox()).height > 30);
    await page.getByRole("button", { name: "Source", exact: true }).first().click();
    assert.match(await text(page, "#display pre:visible"), /\\frac\{\\sqrt\{x\}\}\{2\}/);
    assert.equal(await formulas.first().isVisible(), false);
    await page.getByRole("button", { name: "Copy source" }).first().click();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /\\infty/);
  }));

test("Markdown is set, and LaTeX that is not known is shown as its source", () =>
  withPage(async (page) => {
    const markdown = "## Heading\n\nSome **bold** text\n\n1. one\n2. two\n";
    await runs(page, `def main():\n    display({"text/markdown": ${JSON.stringify(markdown)}}, raw=True)\n    display({"text/latex": "\\\\tikz x"}, raw=True)`);
    assert.equal(await text(page, "#display .markdown h4"), "Heading");
    assert.equal(await text(page, "#display .markdown strong"), "bold");
    assert.equal(await page.locator("#display .markdown ol > li").count(), 2);
    assert.match(await text(page, "#display"), /Formula, as source[^]*\\tikz x/);
  }));

test("a frame fits what is in it, is scrolled where that is a lot, and can be enlarged", () =>
  withPage(async (page) => {
    const source = `import pandas as pd
def main():
    for rows in (1, 5, 12, 500):
        display(pd.DataFrame({"a": range(rows), "b": "text"}))
    display({"text/html": "<h2>Title</h2><p>One</p><ul><li>a</li><li>b</li></ul>"}, raw=True)
`;
    await runs(page, source.replace("def main():", "def main():\n    pd.set_option('display.max_rows', 1000)"));
    const frames = page.locator("#display iframe");
    const fits = [];
    for (let at = 0; at < 5; at++) {
      const inner = frames.nth(at).contentFrame().locator("html");
      const [whole, seen] = await inner.evaluate((html) => [html.scrollHeight, html.clientHeight]);
      fits.push(whole <= seen);
      // Neither cut off nor a lot of nothing: within a few lines.
      const body = await inner.locator("body").evaluate((each) => each.getBoundingClientRect().height);
      if (at !== 3) assert.ok(seen - body < 110, `frame ${at}: ${seen} for ${body}`);
    }
    assert.deepEqual(fits, [true, true, true, false, true]);
    const long = frames.nth(3);
    assert.equal((await long.boundingBox()).height, 440);
    const enlarge = page.getByRole("button", { name: "Enlarge" }).nth(3);
    await enlarge.click();
    assert.equal(await enlarge.getAttribute("aria-pressed"), "true");
    assert.ok((await long.boundingBox()).height > 500);
    await enlarge.click();
    assert.equal((await long.boundingBox()).height, 440);
  }));

test("too much of it is cut off, and that is said", () =>
  withPage(async (page) => {
    await runs(page, "def main():\n    for i in range(100): display(i)");
    assert.equal(await page.locator("#display pre").count(), 32);
    assert.match(await text(page, "#display"), /the rest is left out/);
    assert.match(await text(page, "#output"), /left out more than 32 items/);
  }));
