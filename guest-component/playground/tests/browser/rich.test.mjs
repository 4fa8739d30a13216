/** Formulas and Markdown: set by libraries, from texts that may be anything. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { answering, run, text, URL_OF_SERVER, violations, withPage } from "./support.mjs";

/** Shows texts of a type, as a script would display them. */
async function displayed(page, mime, texts) {
  await answering(page, { result: null, display: texts.map((data) => ({ mime, data })) });
  await run(page);
}

/** The source of each item that could not be set, once everything that can be is set. */
async function left(page, count) {
  await page.waitForFunction((all) => document.querySelectorAll("#display .set").length >= all, count);
  return page.locator("#display .items > div:not(:has(.set)) pre").allTextContents();
}

/** LaTeX, and the elements in order that it becomes, but for those that only group or leave room. */
const SHAPES = [
  ["$\\displaystyle \\frac{\\sqrt{2}}{2}$", "mfrac msqrt mn mn"],
  ["\\[ x_{0}^{2} \\]", "msubsup mi mn mn"],
  ["$$\\sqrt[3]{x}$$", "mroot mi mn"],
  ["\\(\\hat{x}\\)", "mover mi mo"],
  ["\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "mo mtable mtr mtd mn mtd mn mtr mtd mn mtd mn mo"],
  ["\\left[\\begin{matrix}1 \\\\ 2\\end{matrix}\\right]", "mo mtable mtr mtd mn mtr mtd mn mo"],
  ["\\begin{aligned} a &= b \\\\ &= c \\end{aligned}", "mtable mtr mtd mi mtd mo mi mtr mtd mtd mo mi"],
  ["\\begin{cases} x & \\text{for}\\: x > 0 \\\\ 0 & \\text{otherwise} \\end{cases}", "mo mtable mtr mtd mi mtd mtext mi mo mn mtr mtd mn mtd mtext"],
  ["\\begin{array}{l|c} a & b \\\\ \\hline c & d \\end{array}", "mtable mtr mtd mi mtd mi mtr mtd mi mtd mi"],
  ["\\cfrac{1}{1 + \\cfrac{1}{x}}", "mfrac mn mn mo mfrac mn mi"],
  ["\\underbrace{a + b}_{c}", "munder munder mi mo mi mo mi"],
  ["\\overset{!}{=}", "mover mo mo"],
  ["\\xrightarrow{f}", "mover mo mover mi"],
  ["a\\\\let", "mi mi mi mi"],
  ["\\binom{n}{k}", "mo mfrac mi mi mo"],
];

test("the LaTeX that people write is set: fractions, matrices, alignments, cases", () =>
  withPage(async (page) => {
    await displayed(page, "text/latex", SHAPES.map(([latex]) => latex));
    assert.deepEqual(await left(page, SHAPES.length), []);
    const shapes = await page.locator("#display math").evaluateAll((all) =>
      all.map((math) => {
        const seen = [...math.querySelectorAll("*")].filter((each) => each.localName !== "mo" || each.textContent !== "");
        const names = seen.map((each) => each.localName);
        return names.filter((name) => !["mrow", "mstyle", "mpadded", "mspace"].includes(name)).join(" ");
      }),
    );
    assert.deepEqual(shapes.map((shape, at) => [SHAPES[at][0], shape]), SHAPES);
    // What is written over another line is higher than one.
    const heights = await page.locator("#display math").evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
    for (const at of [0, 4, 6, 7]) assert.ok(heights[at] > 30, `${SHAPES[at][0]}: ${heights[at]}`);
    assert.deepEqual(await violations(page), []);
  }));

test("a formula that is wrong, unknown, endless or not only a formula is shown as its source", () =>
  withPage(async (page) => {
    const sources = [
      "$", "$$", "\\unknown", "x^", "{x", "x}", "\\frac{1}", "\\left(x", "\\begin{matrix}1", "\\begin{script}\\end{script}",
      "\\begin{matrix}1\\end{pmatrix}", "$x$ and $y$", "\\constructor", "\\__proto__", "\\begin{constructor}x\\end{constructor}",
      "\\begin{__proto__}x\\end{__proto__}", "x &amp; y", "\\right)", "\u0001", "\\char\"10FFFFFF", "<b>x</b> & y",
      "\\href{javascript:window.hacked=1}{x}", "\\url{javascript:window.hacked=1}", "\\includegraphics{https://evil.example/x.png}",
      "\\class{empty}{x}", "\\id{status}{x}", "\\style{position:fixed}{x}", "\\data{page=embed}{x}", "\\ref{status}", "x + \\eqref{status}",
      "\\def\\a{x}\\a", "\\newcommand\\a{x}\\a", "\\let\\a\\b x", "\\global\\def\\a{x}", "x\\\\\\def\\a{x}\\a", "\\def\\a{\\a\\a}\\a", `\\def\\a{${"x".repeat(9_000)}}${"\\a".repeat(999)}`,
      "\\edef\\a{x}".padEnd(19_000, "\\edef\\a{\\a\\a}"), "{".repeat(19_000), "\\sqrt".repeat(3_900), "\\left(".repeat(3_000), "x^".repeat(9_000),
      "\\begin{matrix}".repeat(1_400), "x_{".repeat(300) + "x" + "}".repeat(300), "\\text{$".repeat(1_000) + "$}".repeat(1_000), "x".repeat(30_000),
    ];
    await displayed(page, "text/latex", [...sources, "x"]);
    assert.deepEqual(await left(page, 1), sources);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
  }));

test("a formula of 20 000 characters is set, and the page goes on", () =>
  withPage(async (page) => {
    const sources = ["x+", "é", "\\frac12"].map((part) => part.repeat(19_990 / part.length));
    await displayed(page, "text/latex", sources);
    assert.deepEqual(await left(page, sources.length), []);
    await displayed(page, "text/plain", ["quick"]);
    assert.match(await text(page, "#display"), /quick/);
  }));

test("a formula names nothing, leads nowhere, and stays where it is", () =>
  withPage(async (page) => {
    const sources = [
      "\\kern{-900px} x", "\\begin{equation} x \\label{status} \\end{equation}", "x \\tag{1} \\label{run}", "\\rule{1000000em}{1000000em}", "\\raise{500em}{x}", "\\hspace{-5000px} covers",
      "\\colorbox{red}{x}", "\\mathclap{wide} \\smash{x}",
    ];
    await displayed(page, "text/latex", sources);
    assert.deepEqual(await left(page, sources.length), []);
    const named = await page.evaluate(() => document.querySelectorAll("#display [id], #display [href], #display a").length);
    assert.equal(named, 0);
    // What was moved out of its box, and could cover something, is not seen there.
    const [escaped, seen] = await page.evaluate(() => {
      const outside = [...document.querySelectorAll("#display .set mi")].map((each) => {
        const { x, y, width, height } = each.getBoundingClientRect();
        return { box: each.closest(".set"), x: x + width / 2, y: y + height / 2 };
      }).filter(({ box, x, y }) => x > 0 && y > 0 && y < innerHeight && x < box.getBoundingClientRect().x);
      return [outside.length, outside.filter(({ box, x, y }) => box.contains(document.elementFromPoint(x, y))).length];
    });
    assert.ok(escaped > 0);
    assert.equal(seen, 0);
    const heights = await page.locator("#display .set").evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
    assert.ok(Math.max(...heights) < 1_500, String(heights));
  }));

const MARKDOWN = `# Report

| name | value |
|:-----|------:|
| *a*  |  1.50 |
| \`b\` |    20 |

1. first
   - inner
     - innermost
2. second

- [x] done

\`\`\`python
def f():
    return "<b>"
\`\`\`

See [the docs][1]. A <b>tag</b> &amp; a [trap](javascript:window.hacked=1).

[1]: https://x.example/docs
`;

test("Markdown has tables, nested lists, fences and references", () =>
  withPage(async (page) => {
    await displayed(page, "text/markdown", [MARKDOWN]);
    const shown = page.locator("#display .markdown");
    await shown.waitFor();
    assert.deepEqual(await shown.locator("tbody tr").allInnerTexts(), ["a\t1.50", "b\t20"]);
    const align = await shown.locator("td").evaluateAll((all) => all.map((each) => getComputedStyle(each).textAlign));
    assert.deepEqual(align, ["left", "right", "left", "right"]);
    assert.equal(await shown.locator("ol > li > ul > li > ul > li").innerText(), "innermost");
    assert.equal(await shown.locator("pre").textContent(), 'def f():\n    return "<b>"');
    const words = await shown.innerText();
    for (const part of ["☑ done", "the docs (https://x.example/docs)", "A <b>tag</b> & a trap (javascript:window.hacked=1)."]) assert.ok(words.includes(part), words);
    assert.equal(await shown.locator("a, b, input").count(), 0);
    assert.deepEqual(await violations(page), []);
  }));

test("Markdown without end is shown as it is", () =>
  withPage(async (page) => {
    const sources = ["> ".repeat(40_000), "1. ".repeat(30_000), "word ".repeat(30_000)];
    await displayed(page, "text/markdown", [...sources, "*a*".repeat(30_000), "*a*"]);
    assert.deepEqual(await left(page, 2), sources);
  }));

test("what sets formulas and Markdown is loaded when there are any", () =>
  withPage(async (page) => {
    const asked = [];
    page.on("request", (request) => {
      const name = /\/assets\/(math|markdown)-[^/]*\.(js|css)$/.exec(request.url());
      if (name) asked.push(`${name[1]}.${name[2]}`);
    });
    await page.reload();
    await page.waitForSelector("body[data-editor=ready]");
    await displayed(page, "text/plain", ["plain"]);
    assert.deepEqual(asked, []);
    await displayed(page, "text/markdown", ["*a*", "*b*"]);
    await left(page, 2);
    assert.deepEqual(asked, ["markdown.js"]);
    await displayed(page, "text/latex", ["x", "y"]);
    await left(page, 2);
    assert.deepEqual(asked.sort(), ["markdown.js", "math.css", "math.js"]);
  }));

test("where it can't be loaded, there is the source", () =>
  withPage(
    async (page) => {
      await page.route(/\/assets\/(math|markdown)-/, (route) => route.abort());
      await displayed(page, "text/latex", ["$x^2$"]);
      assert.match(await text(page, "#display"), /Formula, as source[^]*\$x\^2\$/);
      await displayed(page, "text/markdown", ["*a*"]);
      assert.match(await text(page, "#display"), /Markdown, as source[^]*\*a\*/);
      assert.ok(page.url().startsWith(URL_OF_SERVER));
    },
    // The browser notes what could not be loaded.
    { expectsViolations: true },
  ));
