/** Figures, tables and the like. */

import type { DisplayItem } from "../answer.ts";
import { button, make } from "../dom.ts";
import { type Json, stringify } from "../exact.ts";
import { markdownOf, mathOf } from "../rich/elements.ts";
import { frameHeight } from "../rich/frame-height.ts";
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
    case "text/latex":
      return typeset("Formula", text, mathOf(text));
    case "text/markdown":
      return typeset("Markdown", text, markdownOf(text));
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

/** Text in a language we don't typeset, or plain. */
function labelled(type: string, text: string): HTMLElement {
  const pre = make("pre", { tabindex: 0, role: "group", "aria-label": `Displayed text, ${type}` }, text);
  return type === "text/plain" ? pre : make("div", {}, head(type, copyButton(() => text, "Text")), pre);
}

/** The source, until it is set, if it can be: then that, with the source a button away. */
function typeset(name: string, source: string, setting: Promise<Element | null>): HTMLElement {
  const copying = copyButton(() => source, "Source");
  const pre = make("pre", { tabindex: 0, role: "group", "aria-label": `Source of the ${name.toLowerCase()}` }, source);
  const item = make("div", {}, head(`${name}, as source`, copying), pre);
  const show = (set: Element | null) => {
    if (!set) return;
    const shown = make("div", { class: "set", tabindex: 0, role: "group", "aria-label": name });
    shown.append(set);
    pre.hidden = true;
    const swap = toggle("Source", (isPressed) => {
      shown.hidden = isPressed;
      pre.hidden = !isPressed;
    });
    item.replaceChildren(head(name, swap, copying), shown, pre);
  };
  // Where what sets it can't be loaded, the source is what there is.
  setting.then(show, () => undefined);
  return item;
}

/** HTML of a script, in a frame that may do nothing: no scripts, no origin, no way out. */
function htmlFrame(html: string, words: string, number: number): HTMLElement {
  const frame = make("iframe", { class: "html", title: `Displayed HTML ${number}`, "aria-label": words.slice(0, 200) });
  frame.setAttribute("sandbox", "");
  frame.setAttribute("referrerpolicy", "no-referrer");
  const height = `${frameHeight(html)}px`;
  frame.style.height = height;
  frame.srcdoc = frameDocument(html) as string;
  const enlarge = toggle("Enlarge", (isPressed) => {
    frame.style.height = isPressed ? "85vh" : height;
  });
  return make("div", {}, head("HTML", enlarge, copyButton(() => words, "Text")), frame);
}

/** What an item is, and buttons beside it. */
function head(name: string, ...tools: HTMLElement[]): HTMLElement {
  return make("div", { class: "item-head" }, make("span", { class: "quiet" }, name), make("div", { class: "choice" }, ...tools));
}

function toggle(name: string, changed: (isPressed: boolean) => void): HTMLButtonElement {
  let isPressed = false;
  const element = button(
    name,
    () => {
      isPressed = !isPressed;
      element.setAttribute("aria-pressed", String(isPressed));
      changed(isPressed);
    },
    { "aria-pressed": "false" },
  );
  return element;
}

function jsonOf(data: Json): Json {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data) as Json;
  } catch {
    return data;
  }
}
