/** The page inside somebody else's: what its address asks for, and what passes between the two. */

import type { Answer } from "./answer.ts";
import { compact, type Program, programFrom } from "./program.ts";

/** What `?…` may ask of `/embed`. */
export interface EmbedOptions {
  readonly hide: readonly string[];
  readonly theme: "light" | "dark" | null;
  readonly readOnly: boolean;
}

export function options(search: string): EmbedOptions {
  const query = new URLSearchParams(search);
  const theme = query.get("theme");
  return {
    hide: (query.get("hide") ?? "").split(",").map((name) => name.trim()),
    theme: theme === "light" || theme === "dark" ? theme : null,
    readOnly: query.has("readonly"),
  };
}

/** Applies what only concerns looks. */
export function dress({ hide, theme }: EmbedOptions): void {
  if (theme) document.documentElement.dataset["theme"] = theme;
  for (const element of document.querySelectorAll<HTMLElement>("[data-panel]")) {
    if (hide.includes(element.dataset["panel"] ?? "")) element.classList.add("never");
  }
}

export interface Commands {
  load(program: Program): void;
  run(): void;
  stop(): void;
}

/** Messages to and from the page around. Those to it are `{source: "belljar", type, …}`. */
export class Conversation {
  /** Takes `{type: "belljar:load" | "belljar:run" | "belljar:stop"}` from the page around. */
  constructor(commands: Commands) {
    if (window.parent === window) return;
    window.addEventListener("message", (event: MessageEvent<unknown>) => {
      // The page around may be of any origin, but nobody else may give orders.
      if (event.source !== window.parent || typeof event.data !== "object" || event.data === null) return;
      const { type, program } = event.data as { type?: unknown; program?: unknown };
      if (type === "belljar:run") commands.run();
      if (type === "belljar:stop") commands.stop();
      if (type === "belljar:load") {
        const loaded = programFrom(program);
        if (loaded) commands.load(loaded);
      }
    });
  }

  ready(): void {
    this.#post({ type: "ready" });
  }

  started(program: Program): void {
    this.#post({ type: "run", program: compact(program) });
  }

  ended(answer: Answer): void {
    // Through JSON: what travels must be plain data.
    this.#post({ type: "result", answer: JSON.parse(JSON.stringify(answer)) as unknown });
  }

  #post(message: object): void {
    // To any origin: the page around wrote the program or shows it, and framing is what /embed is for.
    if (window.parent !== window) window.parent.postMessage({ source: "belljar", ...message }, "*");
  }
}
