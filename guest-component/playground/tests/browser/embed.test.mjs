/** The playground in somebody else's page. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { elsewhere } from "./server.mjs";
import { picture, run, text, URL_OF_SERVER, violations, withPage } from "./support.mjs";

const HTML = `<!doctype html><html lang="en"><title>A course</title><h1>A course</h1>
<script src="${URL_OF_SERVER}/embed.js"></script>
<belljar-playground id="one" hide="usage,inputs" theme="dark" height="500" input='[1, 2]'>
  def main(numbers):
      return {"sum": sum(numbers)}
</belljar-playground>
<iframe id="bare" src="${URL_OF_SERVER}/embed" title="Bare"></iframe>
<script>
  window.seen = [];
  for (const name of ["ready", "run", "result"]) {
    document.addEventListener("belljar-" + name, (event) => seen.push(event.detail));
  }
</script>`;

let site;
before(async () => (site = await elsewhere(HTML)));
after(() => site.stop());

/** Opens the other site's page; its address is the one foreign one that is asked for. */
async function visit(page) {
  await page.route(site.url, (route) => route.continue());
  await page.goto(site.url);
  await page.waitForFunction(() => window.seen?.some(({ type }) => type === "ready"));
  return page.frameLocator("#one iframe");
}

const here = (use) => withPage(async (page) => use(page, await visit(page)), { allow: () => site.url });

test("an element holds its script and tells what comes of it", () =>
  here(async (page, frame) => {
    await page.evaluate(() => document.querySelector("#one").run());
    await page.waitForFunction(() => window.seen.some(({ type }) => type === "result"));
    const seen = await page.evaluate(() => window.seen);
    assert.deepEqual(seen.map(({ type }) => type), ["ready", "run", "result"]);
    assert.equal(seen[1].program.script, 'def main(numbers):\n    return {"sum": sum(numbers)}\n');
    assert.deepEqual(seen[2].answer.result, { sum: 3 });
    assert.match(await frame.locator("#result").innerText(), /sum: 3/);
    await picture(page, "embed");
  }));

test("what its attributes hide is hidden, and its theme is theirs", () =>
  here(async (page, frame) => {
    await frame.getByRole("button", { name: "Run" }).click();
    await frame.locator("#result").waitFor();
    for (const id of ["#usage", "#input-box"]) assert.equal(await frame.locator(id).isVisible(), false, id);
    assert.equal(await frame.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor), "rgb(18, 22, 28)");
    assert.deepEqual(await page.evaluate(() => document.querySelector("#bare").src), `${URL_OF_SERVER}/embed`);
  }));

test("the page around can load another program and stop it", () =>
  here(async (page, frame) => {
    await page.evaluate(() => {
      const element = document.querySelector("#one");
      element.load({ script: "import time\nprint('begun')\ntime.sleep(20)", mode: "program" });
      element.run();
    });
    await frame.getByRole("button", { name: "Stop" }).waitFor();
    await page.evaluate(() => document.querySelector("#one").stop());
    await page.waitForFunction(() => window.seen.some(({ type }) => type === "result"));
    const { answer } = await page.evaluate(() => window.seen.find(({ type }) => type === "result"));
    assert.equal(answer.error_type, "stopped");
  }));

test("the snippet of the documentation works as it is printed", () =>
  withPage(
    async (page) => {
      const docs = readFileSync(new URL("../../../../docs/playground.md", import.meta.url), "utf8");
      const snippet = /```html\n(<script src=[^]*?)```/.exec(docs)?.[1];
      assert.ok(snippet && snippet.trim().split("\n").length <= 10, "ten lines at most");
      const html = snippet.replaceAll("https://belljar.example", URL_OF_SERVER);
      const other = await elsewhere(`<!doctype html><html lang="en"><title>x</title><body>${html}`);
      const logged = [];
      page.on("console", (message) => logged.push(message.text()));
      await page.goto(other.url);
      const frame = page.frameLocator("belljar-playground iframe");
      await frame.locator("body[data-editor=ready]").waitFor();
      await frame.locator(".cm-content").getByText("sum(numbers)").waitFor();
      await frame.getByRole("button", { name: "Run" }).click();
      await frame.locator("#result").getByText("6").waitFor();
      for (const id of ["#usage", "#input-box"]) assert.equal(await frame.locator(id).isVisible(), false, id);
      while (!logged.some((line) => line.endsWith("6"))) await page.waitForTimeout(50);
      other.stop();
    },
    { allow: () => "http://localhost" },
  ));

test("a plain frame takes messages and sends them, and hides what its address says", () =>
  withPage(
    async (page) => {
      const other = await elsewhere(`<!doctype html><html lang="en"><title>x</title><iframe src="${URL_OF_SERVER}/embed?hide=result,output" title="x"></iframe>
        <script>window.seen = []; addEventListener("message", ({ data }) => seen.push(data))</script>`);
      await page.goto(other.url);
      const seen = (type) => page.waitForFunction((name) => window.seen.find((data) => data.type === name), type).then((handle) => handle.jsonValue());
      assert.deepEqual(await seen("ready"), { source: "belljar", type: "ready" });
      await page.evaluate(() => {
        const post = (message) => document.querySelector("iframe").contentWindow.postMessage(message, "*");
        post({ type: "belljar:load", program: { script: "print('out')\nraise SystemExit(4)", mode: "program" } });
        post({ type: "belljar:run" });
      });
      assert.equal((await seen("run")).program.mode, "program");
      const { answer } = await seen("result");
      assert.deepEqual([answer.exit_code, answer.stdout], [4, "out\n"]);
      const frame = page.frameLocator("iframe");
      await frame.locator("#usage").waitFor();
      for (const id of ["#result", "#output"]) assert.equal(await frame.locator(id).isVisible(), false, id);
      other.stop();
    },
    { allow: () => "http://localhost" },
  ));

test("nobody but the page around gives orders", () =>
  here(async (page, frame) => {
    await frame.locator("body").evaluate(() => window.postMessage({ type: "belljar:load", program: { script: "evil" } }, "*"));
    await page.waitForTimeout(200);
    assert.doesNotMatch(await frame.locator(".cm-content").innerText(), /evil/);
  }));

test("it opens in full with the program it has", () =>
  withPage(
    async (page, context) => {
      const [full] = await Promise.all([context.waitForEvent("page"), page.getByText("Open in the playground").click()]);
      await full.waitForSelector("body[data-editor=ready]");
      assert.ok(full.url().startsWith(`${URL_OF_SERVER}/#1`), full.url());
      await run(full);
      assert.match(await text(full, "#result"), /Hello, World!/);
    },
    { path: "/embed" },
  ));

for (const theme of ["light", "dark"]) {
  test(`axe finds nothing wrong with the embedded page, ${theme}, and it keeps no draft`, () =>
    withPage(
      async (page) => {
        await run(page);
        assert.deepEqual(await violations(page), []);
        await page.waitForTimeout(500);
        assert.equal(await page.evaluate(() => localStorage.length), 0);
      },
      { path: `/embed?theme=${theme}&hide=usage` },
    ));
}

test("the page proper can't be framed", () =>
  withPage(
    async (page) => {
      const other = await elsewhere(`<!doctype html><iframe src="${URL_OF_SERVER}/"></iframe>`);
      await page.goto(other.url);
      await page.waitForTimeout(500);
      const framed = page.frames().find((each) => each.parentFrame() && each.url().startsWith(URL_OF_SERVER));
      assert.ok(!framed || (await framed.locator("#run").count()) === 0);
      other.stop();
    },
    { expectsViolations: true, allow: () => "http://localhost" },
  ));
