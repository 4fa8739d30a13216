/** Output that comes while the script runs. Needs a server that streams. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { finished, picture, text, type, URL_OF_SERVER, violations, withPage } from "./support.mjs";

const { features } = await (await fetch(`${URL_OF_SERVER}/runtime`)).json();
const streams = { skip: !features.includes("stream") && "the server does not stream" };

const SLOW = `import sys, time
display("shown early")
print(0)
time.sleep(0.1)
print(1)
# Far longer than a busy machine keeps the browser from looking.
time.sleep(6)
print(2)
print("end", file=sys.stderr)
`;

test("output is there before the script has ended, and is not repeated by the answer", streams, () =>
  withPage(async (page) => {
    await page.getByRole("radio", { name: "Program" }).check();
    await type(page, SLOW);
    await page.keyboard.press("Control+Enter");
    await page.waitForFunction(() => document.querySelector("#output")?.textContent.includes("0"));
    assert.equal(await page.locator("#stop").isVisible(), true, "it runs");
    assert.doesNotMatch(await text(page, "#output"), /2/);
    assert.match(await text(page, "#display"), /shown early/);
    assert.deepEqual(await violations(page), []);
    await picture(page, "running");
    await finished(page);
    assert.equal(await text(page, "#output pre"), "0\n1\n2\nend\n");
    assert.equal(await page.locator("#display pre").count(), 1);
  }));

test("what came before Stop stays", streams, () =>
  withPage(async (page) => {
    await page.getByRole("radio", { name: "Program" }).check();
    await type(page, SLOW);
    await page.keyboard.press("Control+Enter");
    await page.waitForFunction(() => document.querySelector("#output")?.textContent.includes("1"));
    await page.getByRole("button", { name: "Stop" }).click();
    await finished(page);
    assert.match(await text(page, "#output"), /0\n1/);
    assert.match(await text(page, "#status"), /Stopped/);
  }));
