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
    const size = await image.evaluate((each) => [each.naturalWidth, each.naturalHeight]);
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
    const source = `import pandas as pd
def main():
    display(pd.DataFrame({"name": ["<b>Ada</b>", "Bob"], "n": [1, 2]}))
    display("after")
`;
    await runs(page, source);
    const frame = page.frameLocator("#display iframe");
    assert.match(await frame.locator("table").innerText(), /<b>Ada<\/b>\s+1/);
    assert.match(await text(page, "#display pre"), /after/);
    assert.deepEqual(await violations(page), []);
    await picture(page, "frame");
  }));

test("too much of it is cut off, and that is said", () =>
  withPage(async (page) => {
    await runs(page, "def main():\n    for i in range(100): display(i)");
    assert.equal(await page.locator("#display pre").count(), 32);
    assert.match(await text(page, "#display"), /the rest is left out/);
    assert.match(await text(page, "#output"), /left out more than 32 items/);
  }));
