/** Markdown, and the height of HTML that nobody can measure. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { blocks } = await load("rich/markdown.ts");
const { frameHeight, MOST } = await load("rich/frame-height.ts");

/** What Markdown becomes, as markup. */
function markup(text) {
  const write = (block) => (typeof block === "string" ? block : `<${block.tag}>${block.children.map(write).join("")}</${block.tag}>`);
  return blocks(text).map(write).join("");
}

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

test("tables, nested lists, tasks, fences and references are what they are on other pages", () => {
  for (const [text, expected] of [
    ["| a | b |\n|---|---|\n| *1* | `x\\|y` |", "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td><em>1</em></td><td><code>x|y</code></td></tr></tbody></table>"],
    ["a | b\n-|-", "<table><thead><tr><th>a</th><th>b</th></tr></thead></table>"],
    ["- a\n  1. b\n     - c\n- d", "<ul><li>a<ol><li>b<ul><li>c</li></ul></li></ol></li><li>d</li></ul>"],
    ["- a\n\n  more\n\n  ```\n  code\n  ```", "<ul><li><p>a</p><p>more</p><pre>code</pre></li></ul>"],
    ["- [x] done\n- [ ] not yet", "<ul><li>☑ done</li><li>☐ not yet</li></ul>"],
    ["~~~python\nif a:\n\n    b = '*c*'\n~~~", "<pre>if a:\n\n    b = '*c*'</pre>"],
    ["text\n\n    indented", "<p>text</p><pre>indented</pre>"],
    ["Title\n=====\n\nSub\n---", "<h3>Title</h3><h4>Sub</h4>"],
    ["***a** b*", "<p><em><strong>a</strong> b</em></p>"],
    ["a  \nb", "<p>a<br></br>b</p>"],
    ["> - a\n> - b", "<blockquote><ul><li>a</li><li>b</li></ul></blockquote>"],
    ["[*here*][1] and ![it][1]\n\n[1]: https://x.example 'title'", "<p><em>here</em> (https://x.example) and it (https://x.example)</p>"],
    ["https://x.example/?a=1&amp=2 <b@x.example>", "<p>https://x.example/?a=1&amp=2 b@x.example</p>"],
    ["[](https://x.example) [https://x.example](https://x.example)", "<p>https://x.example https://x.example</p>"],
    ["&lt;b&gt; &#960; &#x3c0; &AMP; &unknown; &#0; &#9999999; `&lt;`", "<p><b> π π &AMP; &unknown; \ufffd \ufffd <code>&lt;</code></p>"],
  ]) {
    assert.equal(markup(text), expected, text);
  }
  const [table] = blocks("|a|b|c|\n|:-|:-:|-:|\n|1|2|3|");
  assert.deepEqual(table.children[1].children[0].children.map(({ align }) => align), [undefined, "center", "right"]);
  assert.equal(blocks("7. a\n8. b")[0].start, 7);
});

test("HTML in Markdown is text, and a link says where it leads", () => {
  const paragraph = (text) => blocks(text)[0].children.join("");
  for (const text of [
    "<script>x</script>", "<img src=x onerror=y>", "snake_case_name", "2 * 3 * 4", "a \\b", "a <b onclick=c>d</b>", "<!-- c -->",
    "<pre>\n*a*\n</pre>", "<div>\n*a*", "<?php ?>",
  ]) {
    assert.equal(paragraph(text), text);
  }
  assert.equal(paragraph("see [here](https://x.example)"), "see here (https://x.example)");
  for (const address of ["javascript:alert(1)", "data:text/html,x", "vbscript:x"]) {
    for (const text of [`[a](${address})`, `[a](<${address}>)`, `![a](${address})`, `[a][b]\n\n[b]: ${address}`]) {
      assert.equal(paragraph(text), `a (${address})`, text);
    }
    assert.equal(paragraph(`<${address}>`), address);
  }
  assert.equal(paragraph("[a](java&#115;cript:b)"), "a (javascript:b)");
  assert.equal(paragraph("\\*not\\*"), "*not*");
});

test("Markdown becomes nothing but what the page has styles for", () => {
  const allowed = new Set("h3 h4 h5 h6 p ul ol li blockquote pre hr br code strong em del table thead tbody tr th td".split(" "));
  const visit = (block) => {
    if (typeof block === "string") return;
    assert.ok(allowed.has(block.tag), block.tag);
    assert.deepEqual(Object.keys(block).filter((key) => !["tag", "children", "align", "start"].includes(key)), []);
    block.children.forEach(visit);
  };
  const parts = ["<a href=x>", "[a](b)", "![a](b)", "> ", "- ", "# ", "|a|\n|-|\n", "`", "*", "_", "\n", "    ", "<p>", "&lt;", "[a]: b\n", "~~~", "1. ", "[x] ", "</"];
  // A congruential generator: the same texts every time.
  let state = 1;
  const next = (most) => (state = (state * 48271) % 0x7fffffff) % most;
  for (let round = 0; round < 2000; round += 1) {
    const text = Array.from({ length: 1 + next(12) }, () => parts[next(parts.length)]).join("");
    blocks(text).forEach(visit);
  }
});

test("Markdown that is too long or too deep is none", () => {
  for (const text of ["x".repeat(100_001), "> ".repeat(60) + "x", "> ".repeat(50_000), "1. ".repeat(30_000)]) assert.equal(blocks(text), null, text.slice(0, 10));
  assert.ok(blocks("> ".repeat(20) + "x"));
  // A long table, line for line, is read; a paragraph of that length has no emphasis.
  assert.equal(blocks(`|a|\n|-|\n${"|*b*|\n".repeat(10_000)}`)[0].children[1].children.length, 10_000);
  assert.deepEqual(blocks("*a* ".repeat(5_000))[0].children.map((each) => typeof each), ["string"]);
});

test("hostile Markdown and HTML are read in time that does not explode", () => {
  const parts = [
    "*a", "**a ", "_a", "`a ``b ", "[a](", "[", "> ", "- ", "# ", "~~", "```\n", " ", "\n", "\\", "a*b_", "![", "|a", "|-|\n", "a|b\n-|-\n",
    "[a]: b\n", "[a][", "<", "<!--", "</a", "&", "- a\n", "1. ", "* * a\n", "~a~ ", "> a\n\n", "http://a.", "a@b.", "a\n=\n", "\t", "_a\n\n",
  ];
  const texts = [
    ...parts.map((part) => part.repeat(100_000 / part.length)),
    `${"_a".repeat(2_490)}\n\n`.repeat(20),
    Array.from({ length: 5_000 }, (_, at) => `[k${at}]: x\n[k${at}]\n\n`).join(""),
    Array.from({ length: 440 }, (_, at) => `${" ".repeat(at)}- a\n`).join(""),
  ];
  const began = process.cpuUsage();
  // Read or refused, but without an exception and in time.
  for (const text of texts) assert.ok(blocks(text) !== undefined, text.slice(0, 20));
  for (const part of ["<style ", "<!--", "<table", "<pre", "<", "<img ", "<img height="]) assert.ok(frameHeight(part.repeat(10_000 / part.length)));
  const { user } = process.cpuUsage(began);
  // Of this process alone, so however busy the machine is: a regular expression gone wild takes minutes.
  assert.ok(user < 40e6, `${user} µs`);
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
