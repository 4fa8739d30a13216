/** Output that comes while the script runs. Needs a server that streams. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { finished, text, type, URL_OF_SERVER, withPage } from "./support.mjs";

const { features } = await (await fetch(`${URL_OF_SERVER}/runtime`)).json();
const streams = { skip: !features.includes("stream") && "the server does not stream" };

const SLOW = `import sys, time
display("shown early")
for number in range(4):
    print(number)
    time.sleep(0.6)
print("end", file=sys.stderr)
`;

test("output is there before the script has ended, and is not repeated by the answer", streams, () =>
  withPage(async (page) => {
    await page.getByRole("radio", { name: "Program" }).check();
    await type(page, SLOW);
    await page.keyboard.press("Control+Enter");
    await page.waitForFunction(() => document.querySelector("#output")?.textContent.includes("0"));
    assert.equal(await page.locator("#stop").isVisible(), true, "it runs");
    assert.doesNotMatch(await text(page, "#output"), /3/);
    assert.match(await text(page, "#display"), /shown early/);
    await finished(page);
    assert.equal(await text(page, "#output pre"), "0\n1\n2\n3\nend\n");
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
