/** Why there is no result: what the script did, or which limit it reached. */

import type { Answer, RuntimeInfo } from "../answer.ts";
import { button, make } from "../dom.ts";
import type { Limit, Program } from "../program.ts";
import { Panel } from "./panel.ts";

/** The limits that a request may ask to raise, by the error that tells they were reached. */
const LIMIT_OF: Readonly<Record<string, Limit>> = {
  timeout: "timeout_ms",
  fuel_exhausted: "fuel",
  memory_exceeded: "memory_bytes",
  output_exceeded: "output_bytes",
};

export interface ProblemActions {
  /** Moves the cursor to a line of the script. */
  goTo(line: number, column: number | undefined): void;
  /** Fills in a limit and shows it. */
  raise(limit: Limit, value: number): void;
}

export class ProblemPanel {
  readonly #panel = new Panel("problem");

  constructor(readonly actions: ProblemActions) {}

  clear(): void {
    this.#panel.clear();
  }

  show(answer: Answer, program: Program, runtime: RuntimeInfo | null): void {
    if (answer.error === undefined) return this.clear();
    const { line, column } = answer;
    const tools: HTMLElement[] = [];
    if (line !== undefined) tools.push(button(`Go to line ${line}`, () => this.actions.goTo(line, column)));
    const offer = this.#offer(LIMIT_OF[answer.error_type ?? ""], program, runtime);
    const parts: Node[] = [make("p", { class: "message" }, answer.error)];
    if (offer) parts.push(offer);
    if (answer.traceback) {
      parts.push(make("pre", { tabindex: 0, "aria-label": "Traceback" }, answer.traceback));
    }
    if (answer.request_id) parts.push(make("p", { class: "quiet" }, `Request ${answer.request_id}`));
    this.#panel.show(title(answer.error_type), tools, ...parts);
  }

  /** A sentence for something that is no answer of the server's. */
  say(heading: string, message: string): void {
    this.#panel.show(heading, [], make("p", { class: "message" }, message));
  }

  #offer(limit: Limit | undefined, program: Program, runtime: RuntimeInfo | null): HTMLElement | null {
    if (!limit || !runtime) return null;
    const most = runtime.limits.maximum[limit];
    const now = Number(program[limit]) || runtime.limits.default[limit];
    if (most === undefined || now === undefined) return null;
    if (now >= most) {
      return make("p", { class: "quiet" }, `${limit} is already at this server's maximum, ${most}.`);
    }
    const next = Math.min(most, now * 4);
    return make("p", {}, button(`Set ${limit} to ${next}`, () => this.actions.raise(limit, next)));
  }
}

function title(type: string | undefined): string {
  const words = (type ?? "error").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
