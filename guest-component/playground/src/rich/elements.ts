/** Formulas and Markdown as elements. What reads them is loaded when there are any. */

import { make } from "../dom.ts";
import type { Block } from "./markdown.ts";

/** LaTeX as a formula, or null where it has something that we don't know. */
export async function mathOf(latex: string): Promise<Element | null> {
  const { formula } = await import("./math.ts");
  return formula(latex);
}

/** Markdown as elements, or null if there is too much of it for that. */
export async function markdownOf(text: string): Promise<Element | null> {
  const { blocks } = await import("./markdown.ts");
  const found = blocks(text);
  return found && make("div", { class: "markdown" }, ...found.map(elementOf));
}

function elementOf(block: Block | string): HTMLElement | string {
  if (typeof block === "string") return block;
  const { tag, children, align, start } = block;
  // Scrolled sideways by keyboard, too.
  const properties = tag === "pre" ? { tabindex: 0, role: "group", "aria-label": "Code" } : align ? { class: align } : {};
  const element = make(tag, properties, ...children.map(elementOf));
  if (start !== undefined) element.setAttribute("start", String(start));
  return element;
}
