/** What a script prints, returns or displays is shown, and does nothing. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { elsewhere } from "./server.mjs";
import { answering, run, runs, text, URL_OF_SERVER, withPage } from "./support.mjs";

const PAYLOADS = [
  "<script>window.hacked = 1</script>",
  `<img src=x onerror='window.hacked = 1'>`,
  "<svg onload='window.hacked = 1'>",
  "<iframe srcdoc='<script>parent.hacked = 1</script>'></iframe>",
  "<a href='javascript:window.hacked=1'>click</a>",
  "</pre></div><script>window.hacked = 1</script>",
  "\u202e\u0000\u001b]0;title\u0007\u001b[999m",
];

test("the policy is served, and the browser keeps to it", () =>
  withPage(
    async (page) => {
      for (const path of ["/", "/embed"]) {
        const policy = (await fetch(URL_OF_SERVER + path)).headers.get("content-security-policy");
        const scripts = /(?:^|; )script-src ([^;]*)/.exec(policy)?.[1];
        assert.equal(scripts, "'self'", policy);
        assert.match(policy, /default-src 'none'.*require-trusted-types-for 'script'/);
      }
      const refused = await page.evaluate(async () => {
        const found = [];
        const script = document.createElement("script");
        try {
          script.textContent = "window.hacked = 1";
          document.body.append(script);
        } catch {
          found.push("inline script");
        }
        try {
          document.body.innerHTML = "<b>x</b>";
        } catch {
          found.push("markup");
        }
        await fetch("https://evil.example/").catch(() => found.push("another host"));
        return found;
      });
      assert.deepEqual(refused, ["inline script", "markup", "another host"]);
      assert.equal(await page.evaluate(() => window.hacked), undefined);
    },
    { expectsViolations: true, allow: () => "https://evil.example/" },
  ));

async function unharmed(page) {
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  const injected = await page.evaluate(
    () => document.querySelectorAll("#answer script, #answer svg, #answer img[onerror], #answer a").length,
  );
  assert.equal(injected, 0);
}

test("markup in results, names, output and errors is only text", () =>
  withPage(async (page) => {
    for (const payload of PAYLOADS) {
      const source = `import sys\ndef main():\n    p = ${JSON.stringify(payload)}\n    print(p)\n    print(p, file=sys.stderr)\n    return [{p: p}, {p: [p]}]`;
      await runs(page, source);
      await unharmed(page);
      await runs(page, `def main():\n    raise ValueError(${JSON.stringify(payload)})`);
      await unharmed(page);
    }
    await runs(page, `def main():\n    return ${JSON.stringify(PAYLOADS[0])}`);
    assert.ok((await text(page, "#result")).includes("<script>window.hacked"));
  }));

test("an answer that is all lies does no harm", () =>
  withPage(async (page) => {
    const lie = PAYLOADS[1];
    await answering(
      page,
      {
        error: lie, error_type: lie, traceback: lie, line: 1e9, column: -5, stdout: lie, stderr: lie,
        truncated: [lie], request_id: lie, display: [{ mime: lie, data: lie, alt: lie }],
      },
      400,
    );
    await run(page);
    await unharmed(page);
  }));

test("displayed HTML runs nothing, asks nobody and goes nowhere", () =>
  withPage(
    async (page) => {
      // A real server: a browser also tells of requests that its policy then blocks.
      const attacker = await elsewhere("");
      await fetch(`${attacker.url}control`);
      const html = [
        ...PAYLOADS,
        `<img src='${attacker.url}pixel.png'>`,
        `<link rel=stylesheet href='${attacker.url}a.css'>`,
        `<style>@import '${attacker.url}b.css'; body { background: url(${attacker.url}c.png) }</style>`,
        `<meta http-equiv=refresh content='0;url=${attacker.url}d'>`,
        `<base href='${attacker.url}'>`,
        `<form action='${attacker.url}e'><button id=f>send</button></form>`,
        `<object data='${attacker.url}g'></object><embed src='${attacker.url}h'>`,
        `<a id=out href='${attacker.url}i'>out</a><a id=top target=_top href='${attacker.url}j'>top</a>`,
        `<script>fetch('${attacker.url}k')</script>`,
        "<table><tr><td>the table itself</td></tr></table>",
      ].join("");
      await answering(page, { result: null, display: [{ mime: "text/html", data: html }] });
      await run(page);
      const frame = page.frameLocator("#display iframe");
      await frame.getByText("the table itself").waitFor();
      const element = page.locator("#display iframe");
      assert.equal(await element.getAttribute("sandbox"), "");
      for (const id of ["f", "out", "top"]) await frame.locator(`#${id}`).click({ force: true, timeout: 2000 }).catch(() => undefined);
      await page.waitForTimeout(300);
      await unharmed(page);
      assert.deepEqual(attacker.asked, ["/control"]);
      attacker.stop();
      assert.ok(page.url().startsWith("http://127.0.0.1"), page.url());
      const reach = await element.evaluate((each) => each.contentDocument);
      assert.equal(reach, null, "the frame has no origin in common with the page");
    },
    { expectsViolations: true, allow: () => "http://localhost" },
  ));

test("displayed images, JSON and text appear as what they are", () =>
  withPage(async (page) => {
    const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const display = [
      { mime: "image/png", data: png, alt: "one dot" },
      { mime: "image/svg+xml", data: "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'><script>top.hacked=1</script></svg>" },
      { mime: "application/json", data: { a: [1, 2] } },
      { mime: "text/latex", data: "$x^2$" },
      { mime: "text/latex", data: "\\href{javascript:window.hacked=1}{x}" },
      { mime: "text/markdown", data: PAYLOADS.join("\n\n") + "\n\n[click](javascript:window.hacked=1) ![x](https://evil.example/x.png)" },
      { mime: "text/plain", data: "plain" },
    ];
    await answering(page, { result: 1, truncated: ["display"], display });
    await run(page);
    const images = page.locator("#display img");
    // They are put on the page, and loaded, after the answer.
    await images.nth(1).waitFor();
    await page.locator("#display .markdown").waitFor();
    const sizes = await images.evaluateAll(async (all) => {
      await Promise.all(all.map((each) => each.decode()));
      return all.map((each) => [each.naturalWidth, each.naturalHeight]);
    });
    assert.deepEqual(sizes, [[1, 1], [20, 10]]);
    assert.equal(await images.first().getAttribute("alt"), "one dot");
    const shown = await text(page, "#display");
    for (const part of ["a:", "\\href{", "click (javascript:window.hacked=1)", "x (https://evil.example/x.png)", "<script>window.hacked", "plain", "the rest is left out"]) assert.ok(shown.includes(part), shown);
    await unharmed(page);
  }));

test("a megabyte of output, or of result, does not stop the page", () =>
  withPage(async (page) => {
    await runs(page, "def main():\n    print('\\x1b[31mx\\x1b[0m\\n' * 60000)\n    return ['y' * 1000] * 3000");
    assert.match(await text(page, "#status"), /^Done/);
    await page.getByRole("button", { name: "Show all of the output" }).click();
    const shown = await page.evaluate(() => document.querySelector("#output pre").textContent.length);
    assert.ok(shown >= 120_000, String(shown));
    await runs(page, "def main():\n    return 'quick'");
    assert.match(await text(page, "#result"), /quick/);
  }));

test("binary output is shown as it was decoded", () =>
  withPage(async (page) => {
    await runs(page, "import sys\ndef main():\n    sys.stdout.buffer.write(bytes(range(256)))");
    assert.match(await text(page, "#output"), /ABC/);
  }));
