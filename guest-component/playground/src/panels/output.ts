/** What the script wrote, as it came. */

import { AnsiReader, plain, type Style } from "../ansi.ts";
import { button, make } from "../dom.ts";
import { copyButton } from "./clipboard.ts";
import { Panel } from "./panel.ts";

export type StreamName = "stdout" | "stderr";

/** Beyond this many differently styled pieces the rest comes without colours. */
const MOST_RUNS = 4000;
/** More text than this is shown on request: a browser is slow at laying out a million lines. */
const MOST_TEXT = 200_000;

export class OutputPanel {
  readonly #panel = new Panel("output");
  #pre = make("pre");
  #readers = { stdout: new AnsiReader(), stderr: new AnsiReader() };
  #texts = { stdout: "", stderr: "" };
  #runs = 0;
  #shown = 0;
  #withheld: [StreamName, string][] = [];

  clear(): void {
    this.#pre = make("pre", { tabindex: 0, "aria-label": "Output of the script" });
    this.#readers = { stdout: new AnsiReader(), stderr: new AnsiReader() };
    this.#texts = { stdout: "", stderr: "" };
    this.#runs = this.#shown = 0;
    this.#withheld = [];
    this.#panel.clear();
  }

  write(stream: StreamName, text: string): void {
    if (text === "") return;
    if (this.#texts.stdout === "" && this.#texts.stderr === "") this.#open();
    this.#texts[stream] += text;
    const room = MOST_TEXT - this.#shown;
    if (text.length > room && this.#withheld.length === 0) this.#offerMore();
    this.#append(stream, text.slice(0, Math.max(0, room)));
    if (text.length > room) this.#withheld.push([stream, text.slice(Math.max(0, room))]);
  }

  /** Says which streams were cut off by the server. */
  truncated(streams: readonly string[]): void {
    if (streams.length === 0) return;
    const text = `${streams.join(" and ")} reached the limit output_bytes; the rest was not kept.`;
    this.#pre.after(make("p", { class: "cut" }, text));
  }

  #open(): void {
    const { stdout, stderr } = { stdout: () => this.#texts.stdout, stderr: () => this.#texts.stderr };
    const copy = copyButton(() => plain([stdout(), stderr()].map(withNewline).join("")), "Output");
    this.#panel.show("Output", [copy], this.#pre);
  }

  #append(stream: StreamName, text: string): void {
    this.#shown += text.length;
    const runs = this.#runs < MOST_RUNS ? this.#readers[stream].read(text) : [{ text: plain(text), style: {} }];
    this.#runs += runs.length;
    for (const run of runs) {
      const element = make("span", { class: [stream, ...classes(run.style)].join(" ") }, run.text);
      if (typeof run.style.color === "string") element.style.color = run.style.color;
      if (typeof run.style.background === "string") element.style.backgroundColor = run.style.background;
      this.#pre.append(element);
    }
  }

  #offerMore(): void {
    const more = button("Show all of the output", () => {
      more.remove();
      this.#shown = -Infinity;
      for (const [stream, text] of this.#withheld.splice(0)) this.#append(stream, text);
    });
    this.#pre.after(more);
  }
}

/** Text whose last line ends, so that what follows begins a new one. */
function withNewline(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function classes(style: Style): string[] {
  const names = (["bold", "dim", "italic", "underline", "inverse"] as const).filter((name) => style[name]);
  const colors = [
    typeof style.color === "number" ? [`ansi-${style.color}`] : [],
    typeof style.background === "number" ? [`ansi-on-${style.background}`] : [],
  ].flat();
  return [...names, ...colors];
}
