/** Every example in the menu does what it is an example of. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { run, text, withPage } from "./support.mjs";

/** By the beginning of its title: what it ends with, and something to be seen. */
const EXPECTED = {
  Hello: [/^Done/, /Hello, World!/],
  Input: [/^Done/, /21.25/],
  "A data frame": [/^Done/, /Ada/],
  "A plot": [/^Done/, /points/],
  Random: [/^Done/, /3\.1\d+/],
  Algebra: [/^Done/, /3\*x\*\*2/],
  Regular: [/^Done/, /ERROR/],
  Coroutines: [/^Done/, /STEADY/],
  "A program: output": [/^Ended/, /line 5/],
  "A program: standard": [/^Ended/, /3 the/],
  "An endless loop": [/^Failed.*timeout/, /Set timeout_ms to 2000/],
  "An error": [/^Failed.*exception/, /ZeroDivisionError/],
  "What a sandbox": [/^Done/, /read a file/],
};

test("every example does what it says", () =>
  withPage(async (page) => {
    const options = page.locator("#examples option:not([value=''])");
    const titles = await options.allInnerTexts();
    assert.equal(titles.length, Object.keys(EXPECTED).length);
    for (const title of titles) {
      await page.selectOption("#examples", { label: title });
      await run(page);
      const [, [status, seen]] = Object.entries(EXPECTED).find(([start]) => title.startsWith(start)) ?? [];
      assert.match(await text(page, "#status"), status, title);
      assert.match(await text(page, "#answer"), seen, title);
      assert.doesNotMatch(await text(page, "#answer"), /it worked!/, title);
    }
  }));
