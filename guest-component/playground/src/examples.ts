/** Programs to begin with. The first is what a new visitor sees. */

import asyncMain from "./examples/async_main.py?raw";
import colors from "./examples/colors.py?raw";
import error from "./examples/error.py?raw";
import frame from "./examples/frame.py?raw";
import hello from "./examples/hello.py?raw";
import input from "./examples/input.py?raw";
import limits from "./examples/limits.py?raw";
import numbers from "./examples/numbers.py?raw";
import plot from "./examples/plot.py?raw";
import regex from "./examples/regex.py?raw";
import sympyRoots from "./examples/sympy_roots.py?raw";
import walls from "./examples/walls.py?raw";
import words from "./examples/words.py?raw";
import { EMPTY, type Program } from "./program.ts";

export interface Example {
  readonly title: string;
  readonly program: Program;
}

const ORDER = `{
  "customer": "Ada",
  "items": [
    {"name": "paper", "price": 4.5, "count": 2},
    {"name": "ink", "price": 12.25, "count": 1}
  ]
}`;

export const EXAMPLES: readonly Example[] = [
  example("Hello", hello),
  example("Input", input, { input: ORDER }),
  example("A data frame", frame),
  example("A plot", plot),
  example("Random numbers, seeded", numbers, { seed: "42" }),
  example("Algebra with sympy", sympyRoots),
  example("Regular expressions", regex),
  example("Coroutines", asyncMain),
  example("A program: output in colours", colors, { mode: "program" }),
  example("A program: standard input, arguments", words, {
    mode: "program",
    stdin: "the cat and the dog and the bird\n",
    args: "2",
    env: "GREETING=Most common words:",
  }),
  example("An endless loop, stopped", limits, { timeout_ms: "500" }),
  example("An error", error),
  example("What a sandbox can't do", walls),
];

function example(title: string, script: string, more: Partial<Program> = {}): Example {
  return { title, program: { ...EMPTY, ...more, script } };
}
