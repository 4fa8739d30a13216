/** From a program to the HTTP request that runs it. */

import { type Limit, LIMITS, type Program, TEXTS } from "./program.ts";

export interface Request {
  readonly path: "/execute" | "/run";
  readonly body: string;
}

/** A field of the form that can't be sent as it is. */
export interface FieldProblem {
  readonly field: (typeof TEXTS)[number];
  readonly message: string;
}

/** What is wrong with the program's fields: everything that can be told without running it. */
export function problems(program: Program): FieldProblem[] {
  const found: FieldProblem[] = [];
  if (program.script.trim() === "") found.push({ field: "script", message: "There is no script." });
  if (program.mode === "function" && program.input.trim() !== "") {
    try {
      JSON.parse(program.input);
    } catch (error) {
      found.push({ field: "input", message: `Not JSON: ${(error as Error).message}` });
    }
  }
  const bad = lines(program.env).find((line) => !/^[^=]+=/.test(line));
  if (bad !== undefined) found.push({ field: "env", message: `Expected NAME=value, found ${JSON.stringify(bad)}` });
  for (const field of [...LIMITS, "seed"] as (Limit | "seed")[]) {
    const text = program[field].trim();
    const least = field === "seed" ? 0n : 1n;
    if (text !== "" && (!/^[0-9]{1,20}$/.test(text) || BigInt(text) < least || BigInt(text) >= 1n << 64n)) {
      found.push({ field, message: `Expected a whole number from ${least}, found ${JSON.stringify(text)}` });
    }
  }
  return found;
}

/** The request of a program that has no problems. */
export function request(program: Program): Request {
  // Put together as text: numbers go as they were typed, also where JavaScript would round them.
  const members: [string, string][] = [["script", JSON.stringify(program.script)]];
  if (program.mode === "function" && program.input.trim() !== "") members.push(["input", program.input.trim()]);
  if (program.stdin !== "") members.push(["stdin", JSON.stringify(program.stdin)]);
  const args = lines(program.args);
  if (args.length > 0) members.push(["args", JSON.stringify(args)]);
  const env = lines(program.env).map((line) => {
    const at = line.indexOf("=");
    return [line.slice(0, at), line.slice(at + 1)] as const;
  });
  if (env.length > 0) members.push(["env", JSON.stringify(Object.fromEntries(env))]);
  const limits = LIMITS.filter((limit) => program[limit].trim() !== "").map(
    (limit) => [limit, number(program[limit])] as [string, string],
  );
  if (limits.length > 0) members.push(["limits", object(limits)]);
  if (program.seed.trim() !== "") members.push(["seed", number(program.seed)]);
  return { path: program.mode === "function" ? "/execute" : "/run", body: object(members) };
}

/** The request as a command for a POSIX shell. */
export function asCurl({ path, body }: Request, origin: string): string {
  // Inside single quotes nothing is special but the quote itself.
  const quoted = body.replaceAll("'", `'\\''`);
  return `curl '${origin}${path}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${quoted}'\n`;
}

/** The request as JavaScript. */
export function asFetch({ path, body }: Request, origin: string): string {
  // A string, not an object literal: numbers beyond 2^53 survive.
  return `const response = await fetch(${JSON.stringify(origin + path)}, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: ${JSON.stringify(body)},
});
console.log(await response.json());
`;
}

function object(members: [string, string][]): string {
  return `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`;
}

/** Digits without leading zeros, which JSON does not have. */
function number(text: string): string {
  return BigInt(text.trim()).toString();
}

function lines(text: string): string[] {
  const found = text.split("\n");
  if (found.at(-1) === "") found.pop();
  return found;
}
