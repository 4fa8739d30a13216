/** A script and all that it is given: what a link holds, a draft keeps and a form shows. */

export type Mode = "function" | "program";

export const LIMITS = ["timeout_ms", "fuel", "memory_bytes", "output_bytes"] as const;
export type Limit = (typeof LIMITS)[number];

/** Every field but `mode` is the text of its field in the form; empty means the default. */
export interface Program {
  mode: Mode;
  script: string;
  /** JSON text. */
  input: string;
  stdin: string;
  /** One argument on each line. */
  args: string;
  /** `NAME=value` on each line. */
  env: string;
  seed: string;
  timeout_ms: string;
  fuel: string;
  memory_bytes: string;
  output_bytes: string;
}

export const EMPTY: Readonly<Program> = Object.freeze({
  mode: "function",
  script: "",
  input: "",
  stdin: "",
  args: "",
  env: "",
  seed: "",
  timeout_ms: "",
  fuel: "",
  memory_bytes: "",
  output_bytes: "",
});

/** The names of a program's text fields. */
export const TEXTS = (Object.keys(EMPTY) as (keyof Program)[]).filter(
  (name): name is Exclude<keyof Program, "mode"> => name !== "mode",
);

/** A program out of data that anyone may have made up; null if it is none. */
export function programFrom(data: unknown): Program | null {
  if (typeof data !== "object" || data === null) return null;
  const given = data as Record<string, unknown>;
  if (typeof given["script"] !== "string") return null;
  const program: Program = { ...EMPTY, mode: given["mode"] === "program" ? "program" : "function" };
  for (const name of TEXTS) {
    const value = given[name];
    if (typeof value === "string") program[name] = value;
    else if (typeof value === "number") program[name] = String(value);
  }
  return program;
}

/** A program's fields that are not empty: what is worth keeping. */
export function compact(program: Program): Partial<Program> {
  const kept = Object.entries(program).filter(([name, value]) => value !== "" || name === "script");
  return Object.fromEntries(kept) as Partial<Program>;
}
