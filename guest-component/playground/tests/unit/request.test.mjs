/** From a form to a request. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { asCurl, asFetch, problems, request } = await load("request.ts");
const { EMPTY, programFrom } = await load("program.ts");
const { fromFragment, toFragment } = await load("share.ts");
const { EXAMPLES } = await load("examples.ts");

const program = (more) => ({ ...EMPTY, script: "s", ...more });

test("what is empty is left out", () => {
  assert.deepEqual(request(program()), { path: "/execute", body: '{"script":"s"}' });
  assert.equal(request(program({ mode: "program" })).path, "/run");
});

test("numbers are sent as they were typed", () => {
  const { body } = request(program({ input: ' {"n": 12345678901234567890.0} ', seed: "18446744073709551615", fuel: "007" }));
  assert.equal(body, '{"script":"s","input":{"n": 12345678901234567890.0},"limits":{"fuel":7},"seed":18446744073709551615}');
});

test("input is for functions only", () => {
  assert.equal(request(program({ mode: "program", input: "{" })).body, '{"script":"s"}');
  assert.deepEqual(problems(program({ mode: "program", input: "{" })), []);
});

test("each line is an argument, each pair a variable", () => {
  const { body } = request(program({ args: "a b\n\n c\n", env: "A=1=2\nB=\n", stdin: "x\n" }));
  assert.deepEqual(JSON.parse(body), { script: "s", stdin: "x\n", args: ["a b", "", " c"], env: { A: "1=2", B: "" } });
});

test("what can't be sent is told by its field", () => {
  for (const [more, field] of [
    [{ script: " \n" }, "script"],
    [{ input: "{'a': 1}" }, "input"],
    [{ env: "A" }, "env"],
    [{ env: "=x" }, "env"],
    [{ fuel: "0" }, "fuel"],
    [{ fuel: "1.5" }, "fuel"],
    [{ timeout_ms: "-1" }, "timeout_ms"],
    [{ seed: "18446744073709551616" }, "seed"],
    [{ seed: "x" }, "seed"],
  ]) {
    assert.deepEqual(problems(program(more)).map((each) => each.field), [field], JSON.stringify(more));
  }
  assert.deepEqual(problems(program({ seed: "0", fuel: " 5 ", input: "\n1\n" })), []);
});

test("a quote can't break out of the command", () => {
  const command = asCurl(request(program({ script: "'; rm -rf /; '" })), "http://h");
  assert.ok(command.includes(`'{"script":"'\\''; rm -rf /; '\\''"}'`), command);
  assert.ok(asFetch(request(program({ script: '"</script>`${x}' })), "http://h").includes("body: \"{"));
});

test("a link gives back what it was made of", async () => {
  for (const each of [program(), ...EXAMPLES.map((example) => example.program), program({ script: "ü😀\0".repeat(9999) })]) {
    const fragment = await toFragment(each);
    assert.match(fragment, /^#1[\w-]+$/);
    assert.deepEqual(await fromFragment(fragment), each);
  }
});

test("a link that unpacks to far too much is not read", async () => {
  assert.equal(await fromFragment(await toFragment(program({ script: "x".repeat(5 << 20) }))), null);
});

test("data of others is taken only as far as it is a program", () => {
  for (const data of [null, 5, "s", [], {}, { script: 5 }]) assert.equal(programFrom(data), null);
  const taken = programFrom({ script: "s", mode: "evil", input: { a: 1 }, seed: 5, extra: 1 });
  assert.deepEqual(taken, { ...EMPTY, script: "s", seed: "5" });
});
