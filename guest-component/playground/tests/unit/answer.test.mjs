/** From what the server sends to what is shown. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { AnsiReader, plain } = await load("ansi.ts");
const { EventParser } = await load("sse.ts");
const { parse, stringify, Exact } = await load("exact.ts");
const { bytes, count, milliseconds } = await load("units.ts");

test("ANSI colours become styles, the rest goes", () => {
  const runs = (text) => new AnsiReader().read(text).map(({ text, style }) => [text, style]);
  assert.deepEqual(runs("a\x1b[1;31mb\x1b[0mc"), [["a", {}], ["b", { bold: true, color: 1 }], ["c", {}]]);
  assert.deepEqual(runs("\x1b[38;5;196mx"), [["x", { color: "rgb(255 0 0)" }]]);
  assert.deepEqual(runs("\x1b[48;2;1;2;999mx"), [["x", { background: "rgb(1 2 255)" }]]);
  assert.deepEqual(runs("\x1b[2J\x1b[H\x1b]0;t\x07x\x1b[?25l\x00\x08y"), [["x", {}], ["y", {}]]);
  assert.deepEqual(runs("\x1b[mx\x1b["), [["x[", {}]]);
  assert.equal(plain("\x1b[31mred\x1b[0m\n"), "red\n");
});

test("a style goes on in the next piece", () => {
  const reader = new AnsiReader();
  reader.read("\x1b[3m");
  assert.deepEqual(reader.read("x"), [{ text: "x", style: { italic: true } }]);
});

test("events come out wherever the stream is cut", () => {
  const stream = "event: stdout\ndata: \"a\\n\"\n\n: comment\nevent:x\r\ndata: 1\r\ndata:2\r\n\r\ndata\n\n\n\nevent: lost\n\n";
  const expected = [
    { type: "stdout", data: '"a\\n"' },
    { type: "x", data: "1\n2" },
    { type: "message", data: "" },
  ];
  for (let cut = 0; cut <= stream.length; cut++) {
    const parser = new EventParser();
    const found = [...parser.feed(stream.slice(0, cut)), ...parser.feed(stream.slice(cut))];
    assert.deepEqual(found, expected, `cut at ${cut}`);
  }
});

test("JSON survives, also what JavaScript can't count to", () => {
  const text = '{"a": [1, 2.5, "x", null, true, {}], "b": []}';
  assert.equal(stringify(parse(text)), text);
  assert.equal(stringify(parse('{"a":[1]}'), "  "), '{\n  "a": [\n    1\n  ]\n}');
  assert.equal(stringify(new Exact("12345678901234567890")), "12345678901234567890");
});

test("quantities are for people", () => {
  assert.deepEqual([bytes(0), bytes(1536), bytes(512 << 20)], ["0 B", "1.5 KiB", "512 MiB"]);
  assert.deepEqual([count(999), count(218_123), count(8e10)], ["999", "218 k", "80 G"]);
  assert.deepEqual([milliseconds(0.114), milliseconds(30_000)], ["0.114 ms", "30 s"]);
});
