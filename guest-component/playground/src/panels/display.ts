/** Figures, tables and the like. */

import type { DisplayItem } from "../answer.ts";
import { make } from "../dom.ts";
import { type Json, stringify } from "../exact.ts";
import { frameDocument } from "../trusted.ts";
import { copyButton } from "./clipboard.ts";
import { Panel } from "./panel.ts";
import { tree } from "./tree.ts";

export class DisplayPanel {
  readonly #panel = new Panel("display");
  #items = make("div", { class: "items" });
  #count = 0;

  clear(): void {
    this.#items = make("div", { class: "items" });
    this.#count = 0;
    this.#panel.clear();
  }

  add(item: DisplayItem): void {
    if (this.#count === 0) this.#panel.show("Display", [], this.#items);
    this.#count += 1;
    this.#items.append(render(item, this.#count));
  }

  get count(): number {
    return this.#count;
  }

  /** Says that the server kept only some of what the script displayed. */
  truncated(): void {
    if (this.#count === 0) this.#panel.show("Display", [], this.#items);
    this.#items.append(make("p", { class: "cut" }, "More was displayed than the server keeps; the rest is left out."));
  }
}

function render(item: DisplayItem, number: number): HTMLElement {
  const type = item.mime.split(";")[0]?.trim().toLowerCase() ?? "";
  const words = item.alt ?? `Displayed item ${number}, ${type}`;
  const text = typeof item.data === "string" ? item.data : stringify(item.data, "  ");
  switch (type) {
    case "image/png":
    case "image/jpeg":
    case "image/gif":
    case "image/webp":
      return figure(`data:${type};base64,${text.replaceAll(/\s/g, "")}`, words);
    case "image/svg+xml":
      // As the source of an image: scripts in it don't run and it loads nothing.
      return figure(`data:image/svg+xml,${encodeURIComponent(text)}`, words);
    case "text/html":
      return htmlFrame(text, words, number);
    case "application/json":
      return tree(jsonOf(item.data));
    default:
      return labelled(type, text);
  }
}

function figure(source: string, words: string): HTMLElement {
  const image = make("img");
  image.src = source;
  image.alt = words;
  return make("figure", {}, image);
}

/** Text in a language we don't typeset: Markdown, LaTeX, or plain. */
function labelled(type: string, text: string): HTMLElement {
  const pre = make("pre", { tabindex: 0, "aria-label": `Displayed text, ${type}` }, text);
  if (type === "text/plain") return pre;
  const head = make("div", { class: "item-head" }, make("span", { class: "quiet" }, type), copyButton(() => text, "Text"));
  return make("div", {}, head, pre);
}

/** HTML of a script, in a frame that may do nothing: no scripts, no origin, no way out. */
function htmlFrame(html: string, words: string, number: number): HTMLElement {
  const frame = make("iframe", { class: "html", title: `Displayed HTML ${number}`, "aria-label": words.slice(0, 200) });
  frame.setAttribute("sandbox", "");
  frame.setAttribute("referrerpolicy", "no-referrer");
  // Nothing can measure what is inside, so its height is a guess that can be dragged.
  const rows = (html.match(/<tr|<br|<p[ >]|<li|<h[1-6]/gi)?.length ?? 0) + 1;
  frame.style.height = `${Math.min(440, 34 + rows * 27)}px`;
  frame.srcdoc = frameDocument(html) as string;
  return frame;
}

function jsonOf(data: Json): Json {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data) as Json;
  } catch {
    return data;
  }
}
