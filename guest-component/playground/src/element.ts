/**
 * `<belljar-playground>`: the embedded playground as an element of any page.
 *
 * Attributes `mode`, `hide`, `theme`, `readonly`, `input`, `height`, `title`; the text inside is the
 * script. Events `belljar-ready`, `belljar-run`, `belljar-result`; methods `run()`, `stop()`, `load()`.
 */

interface Message {
  readonly source?: unknown;
  readonly type?: unknown;
  readonly [name: string]: unknown;
}

// A classic script, so that pages of any origin can load it without CORS: its own address tells
// where the server is.
const server = new URL((document.currentScript as HTMLScriptElement).src).origin;

class BelljarPlayground extends HTMLElement {
  #frame: HTMLIFrameElement | null = null;
  #listen = (event: MessageEvent<Message>) => {
    const { source, data } = event;
    if (source === null || source !== this.#frame?.contentWindow || event.origin !== server) return;
    if (data?.source !== "belljar" || typeof data.type !== "string") return;
    if (data.type === "ready") this.load(this.#program());
    this.dispatchEvent(new CustomEvent(`belljar-${data.type}`, { detail: data, bubbles: true }));
  };

  connectedCallback(): void {
    // An element that is being parsed has no text yet.
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", () => this.isConnected && this.#start(), { once: true });
    } else this.#start();
  }

  disconnectedCallback(): void {
    window.removeEventListener("message", this.#listen);
    this.#frame?.remove();
    this.#frame = null;
  }

  /** Runs what is in the editor. */
  run(): void {
    this.#post({ type: "belljar:run" });
  }

  /** Stops what runs. */
  stop(): void {
    this.#post({ type: "belljar:stop" });
  }

  /** Replaces the program: `{script, mode?, input?, stdin?, args?, env?, seed?, timeout_ms?, …}`. */
  load(program: object): void {
    this.#post({ type: "belljar:load", program });
  }

  #start(): void {
    if (this.#frame) return;
    const frame = document.createElement("iframe");
    const query = new URLSearchParams();
    for (const name of ["hide", "theme", "readonly"]) {
      const value = this.getAttribute(name);
      if (value !== null) query.set(name, value);
    }
    frame.src = `${server}/embed?${query}`;
    frame.title = this.getAttribute("title") ?? "Python playground";
    frame.allow = "clipboard-write";
    frame.style.cssText = `display:block;width:100%;border:0;height:${Number(this.getAttribute("height")) || 420}px`;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.replaceChildren(frame);
    this.#frame = frame;
    window.addEventListener("message", this.#listen);
  }

  #program(): object {
    const text = (name: string) => this.getAttribute(name) ?? "";
    return { script: dedent(this.textContent ?? ""), mode: text("mode"), input: text("input"), stdin: text("stdin") };
  }

  #post(message: object): void {
    this.#frame?.contentWindow?.postMessage(message, server);
  }
}

/** The script without the indentation that the page around gave it. */
function dedent(text: string): string {
  const lines = text.replace(/^\s*\n/, "").trimEnd().split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => /^\s*/.exec(line)?.[0].length ?? 0);
  const least = indents.length > 0 ? Math.min(...indents) : 0;
  return `${lines.map((line) => line.slice(least)).join("\n")}\n`;
}

if (!customElements.get("belljar-playground")) customElements.define("belljar-playground", BelljarPlayground);
