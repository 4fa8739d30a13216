/** Formulas, Markdown, and the height of HTML that nobody can measure. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { formula } = await load("rich/math.ts");
const { blocks } = await load("rich/markdown.ts");
const { frameHeight, MOST } = await load("rich/frame-height.ts");

/** A formula as markup, without attributes. */
function markup(latex) {
  const write = (node) => (typeof node === "string" ? node : `<${node.tag}>${node.children.map(write).join("")}</${node.tag}>`);
  const found = formula(latex);
  return found && found.children.map(write).join("");
}

test("what sympy writes becomes MathML", () => {
  for (const [latex, expected] of [
    ["$\\displaystyle x^{2}$", "<msup><mi>x</mi><mn>2</mn></msup>"],
    ["\\frac{\\sqrt{2}}{2}", "<mfrac><msqrt><mn>2</mn></msqrt><mn>2</mn></mfrac>"],
    ["\\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>"],
    ["x_{0}^{2}", "<msubsup><mi>x</mi><mn>0</mn><mn>2</mn></msubsup>"],
    ["\\alpha - 1.5", "<mrow><mi>α</mi><mo>−</mo><mn>1.5</mn></mrow>"],
    ["\\left(x\\right)", "<mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow>"],
    ["\\sum_{i=1}^{n} i", "<mrow><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi></mrow>"],
    ["\\int x\\, dx", "<mrow><mo>∫</mo><mi>x</mi><mspace></mspace><mi>d</mi><mi>x</mi></mrow>"],
    ["f''", "<msup><mi>f</mi><mo>′′</mo></msup>"],
    ["\\hat{x}", "<mover><mi>x</mi><mo>^</mo></mover>"],
    ["\\mathbb{R}", "<mi>ℝ</mi>"],
    ["\\text{for}\\: x", "<mrow><mtext>for</mtext><mspace></mspace><mi>x</mi></mrow>"],
    ["$$\\log{\\left(2 \\right)}$$", "<mrow><mi>log</mi><mrow><mo>(</mo><mn>2</mn><mo>)</mo></mrow></mrow>"],
    [
      "\\left[\\begin{matrix}1 & 2\\\\3 & 4\\end{matrix}\\right]",
      "<mrow><mo>[</mo><mrow><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd><mtd><mn>4</mn></mtd></mtr></mtable></mrow><mo>]</mo></mrow>",
    ],
    ["\\begin{cases} x & \\text{for}\\: x > 0 \\\\0 & \\text{otherwise} \\end{cases}", null],
  ]) {
    if (expected) assert.equal(markup(latex), expected, latex);
    else assert.match(markup(latex), /^<mrow><mo>\{<\/mo><mtable>.*otherwise/, latex);
  }
});

test("a formula with anything unknown is no formula", () => {
  for (const latex of [
    "", "$", "$$", "\\href{javascript:1}{x}", "\\unknown", "x^", "{x", "x}", "\\frac{1}", "\\left(x", "\\left x \\right y",
    "\\begin{matrix}1", "\\begin{script}\\end{script}", "\\begin{matrix}1\\end{pmatrix}", "$x$ and $y$", "\\constructor", "\\text{\\x}",
    "\\begin{constructor}x\\end{constructor}", "\\mathbb{r}", "x &amp; y", "a\\\\b", "\\right)", "\u0000",
  ]) {
    assert.equal(formula(latex), null, latex);
  }
});

test("a formula of any depth and size ends", () => {
  for (const latex of ["{".repeat(19_000), "\\sqrt".repeat(3_900), "\\left(".repeat(3_000), "x^".repeat(9_000), "\\begin{matrix}".repeat(1_400), "x".repeat(30_000)]) {
    assert.equal(formula(latex), null, latex.slice(0, 20));
  }
  assert.ok(formula("x+".repeat(9_000)));
});

test("Markdown becomes blocks", () => {
  const text = "# Title #\n\nSome *text*,\nwith `code`, **more** and ~~less~~.\n\n- one\n- two\n  goes on\n\n1. first\n\n> quoted\n\n---\n```py\n# no title\n```\nend";
  assert.deepEqual(blocks(text), [
    { tag: "h3", children: ["Title"] },
    {
      tag: "p",
      children: [
        "Some ", { tag: "em", children: ["text"] }, ",\nwith ", { tag: "code", children: ["code"] }, ", ",
        { tag: "strong", children: ["more"] }, " and ", { tag: "del", children: ["less"] }, ".",
      ],
    },
    { tag: "ul", children: [{ tag: "li", children: ["one"] }, { tag: "li", children: ["two\ngoes on"] }] },
    { tag: "ol", children: [{ tag: "li", children: ["first"] }] },
    { tag: "blockquote", children: [{ tag: "p", children: ["quoted"] }] },
    { tag: "hr", children: [] },
    { tag: "pre", children: ["# no title"] },
    { tag: "p", children: ["end"] },
  ]);
});

test("HTML in Markdown is text, and a link says where it leads", () => {
  const paragraph = (text) => blocks(text)[0].children.join("");
  for (const text of ["<script>x</script>", "<img src=x onerror=y>", "snake_case_name", "2 * 3 * 4", "a \\b"]) assert.equal(paragraph(text), text);
  assert.equal(paragraph("see [here](https://x.example)"), "see here (https://x.example)");
  assert.equal(paragraph("\\*not\\*"), "*not*");
});

test("hostile Markdown and HTML are read in time that does not explode", () => {
  const parts = ["*a", "**a ", "_a", "`a ``b ", "[a](", "[", "> ", "- ", "# ", "~~", "```\n", " ", "\n", "\\"];
  const began = process.cpuUsage();
  for (const part of parts) assert.ok(blocks(part.repeat(100_000 / part.length)), part);
  for (const part of ["<style ", "<!--", "<table", "<pre", "<", "<img ", "<img height="]) assert.ok(frameHeight(part.repeat(10_000 / part.length)));
  const { user } = process.cpuUsage(began);
  // Of this process alone, so however busy the machine is: a regular expression gone wild takes minutes.
  assert.ok(user < 20e6, `${user} µs`);
});

test("a frame is about as high as what is in it", () => {
  const rows = (count) => `<table><thead><tr><th>a</th></tr></thead><tbody>${"<tr><td>1</td></tr>".repeat(count)}</tbody></table>`;
  const heights = [rows(1), rows(5), rows(12), rows(1000)].map(frameHeight);
  assert.deepEqual(heights, [88, 192, 374, MOST]);
  assert.equal(frameHeight("<b>x</b>"), 60);
  assert.equal(frameHeight("<style>a { b: c }\n</style><!-- <tr> --><b>x</b>"), 60);
  assert.ok(frameHeight("word ".repeat(200)) > 250);
  assert.ok(frameHeight("<img height=300>") > 300);
  assert.equal(frameHeight("x".repeat(1_000_000)), MOST);
});
