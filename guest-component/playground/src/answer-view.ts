/** The right-hand side: the panels, and one sentence that sums them up. */

import type { Answer, DisplayItem, RuntimeInfo } from "./answer.ts";
import { byId } from "./dom.ts";
import { DisplayPanel } from "./panels/display.ts";
import { OutputPanel, type StreamName } from "./panels/output.ts";
import { type ProblemActions, ProblemPanel } from "./panels/problem.ts";
import { ResultPanel } from "./panels/result.ts";
import { UsagePanel } from "./panels/usage.ts";
import type { Program } from "./program.ts";
import { milliseconds } from "./units.ts";

export class AnswerView {
  readonly #problem: ProblemPanel;
  readonly #result = new ResultPanel();
  readonly #display = new DisplayPanel();
  readonly #output = new OutputPanel();
  readonly #usage = new UsagePanel();
  /** What was streamed already, in characters and items: the answer has it once more. */
  #streamed = false;

  constructor(actions: ProblemActions) {
    this.#problem = new ProblemPanel(actions);
  }

  clear(): void {
    for (const panel of [this.#problem, this.#result, this.#display, this.#output, this.#usage]) panel.clear();
    this.#streamed = false;
    byId("empty").hidden = true;
  }

  output(stream: StreamName, text: string): void {
    this.#streamed = true;
    this.#output.write(stream, text);
  }

  displayed(item: DisplayItem): void {
    this.#streamed = true;
    this.#display.add(item);
  }

  show(answer: Answer, program: Program, runtime: RuntimeInfo | null): void {
    if (!this.#streamed) {
      this.#output.write("stdout", answer.stdout ?? "");
      this.#output.write("stderr", answer.stderr ?? "");
      for (const item of answer.display ?? []) this.#display.add(item);
    }
    const truncated = answer.truncated ?? [];
    this.#output.truncated(truncated.filter((name) => name !== "display"));
    if (truncated.includes("display")) this.#display.truncated();
    this.#problem.show(answer, program, runtime);
    this.#result.show(answer);
    if (answer.usage) this.#usage.show(answer.usage, program, runtime);
    this.say(summary(answer));
  }

  failed(heading: string, message: string): void {
    this.#problem.say(heading, message);
    this.say(message);
  }

  /** Says something to everyone, screen readers included. */
  say(text: string): void {
    byId("status").textContent = text;
  }
}

/** The line of the script that an answer is about, also where only a traceback tells. */
export function lineOf(answer: Answer): number | null {
  if (answer.line !== undefined) return answer.line;
  if (answer.exit_code === undefined || answer.exit_code === 0) return null;
  const frames = [...(answer.stderr ?? "").matchAll(/^ {2}File "script\.py", line (\d+)/gm)];
  const last = frames.at(-1)?.[1];
  return last === undefined ? null : Number(last);
}

function summary(answer: Answer): string {
  const time = answer.usage ? ` in ${milliseconds(answer.usage.duration_ms)}` : "";
  if (answer.error !== undefined) return `Failed${time}: ${(answer.error_type ?? "error").replaceAll("_", " ")}.`;
  if (answer.exit_code !== undefined) return `Ended${time} with exit status ${answer.exit_code}.`;
  return `Done${time}.`;
}
