/** One run at a time: its start, its progress, its end. */

import { AnswerView, lineOf } from "./answer-view.ts";
import type { Answer, RuntimeInfo } from "./answer.ts";
import { NoAnswer, run } from "./client.ts";
import { byId } from "./dom.ts";
import type { Conversation } from "./embed.ts";
import type { Program } from "./program.ts";
import { request } from "./request.ts";
import type { Source } from "./source.ts";

/** How often the running time is shown anew, in milliseconds. */
const TICK_MS = 100;

export class Session {
  #controller: AbortController | null = null;
  runtime: RuntimeInfo | null = null;

  constructor(
    readonly source: Source,
    readonly view: AnswerView,
    readonly conversation: Conversation,
  ) {}

  get isRunning(): boolean {
    return this.#controller !== null;
  }

  /** Closes the connection: the server then stops the script. */
  stop(): void {
    this.#controller?.abort();
  }

  async run(program: Program): Promise<void> {
    if (this.#controller) return;
    const controller = new AbortController();
    this.#controller = controller;
    const end = this.#running();
    this.source.mark(null);
    this.view.clear();
    this.conversation.started(program);
    let answer: Answer;
    try {
      answer = await run(request(program), controller.signal, {
        output: (stream, text) => this.view.output(stream, text),
        display: (item) => this.view.displayed(item),
      });
      this.view.show(answer, program, this.runtime);
      this.source.mark(lineOf(answer));
    } catch (error) {
      answer = controller.signal.aborted
        ? { error: "Stopped.", error_type: "stopped" }
        : { error: error instanceof NoAnswer ? error.message : String(error), error_type: "no_answer" };
      if (controller.signal.aborted) this.view.say("Stopped.");
      else this.view.failed("No answer", answer.error ?? "");
    } finally {
      this.#controller = null;
      end();
    }
    this.conversation.ended(answer);
  }

  /** Shows that something runs; what it returns shows that it doesn't any more. */
  #running(): () => void {
    const [start, stop, panels, elapsed] = [byId("run"), byId("stop"), byId("answer"), byId("elapsed")];
    const since = performance.now();
    const hadFocus = document.activeElement === start;
    start.hidden = true;
    stop.hidden = false;
    if (hadFocus) stop.focus();
    panels.setAttribute("aria-busy", "true");
    this.view.say("Running…");
    const timer = setInterval(() => {
      elapsed.textContent = `${((performance.now() - since) / 1000).toFixed(1)} s`;
    }, TICK_MS);
    return () => {
      clearInterval(timer);
      elapsed.textContent = "";
      // On a phone the answer is below what was asked.
      if (matchMedia("(max-width: 760px)").matches) panels.scrollIntoView({ block: "start" });
      panels.removeAttribute("aria-busy");
      const stopHadFocus = document.activeElement === stop;
      stop.hidden = true;
      start.hidden = false;
      if (stopHadFocus) start.focus();
    };
  }
}
