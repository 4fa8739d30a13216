/** Formulas and Markdown as elements. */

import { make } from "../dom.ts";
import { blocks, type Block, MOST_LENGTH } from "./markdown.ts";
import { formula, type MathNode } from "./math.ts";

const MATH = "http://www.w3.org/1998/Math/MathML";

/** LaTeX as a formula, or null where it has something that we don't know. */
export function mathOf(latex: string): Element | null {
  const found = formula(latex);
  return found && mathElement(found);
}

function mathElement({ tag, attributes, children }: MathNode): Element {
  const element = document.createElementNS(MATH, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map((child) => (typeof child === "string" ? child : mathElement(child))));
  return element;
}

/** Markdown as elements, or null if it is too long for that. */
export function markdownOf(text: string): Element | null {
  if (text.length > MOST_LENGTH) return null;
  return make("div", { class: "markdown" }, ...blocks(text).map(blockElement));
}

function blockElement({ tag, children }: Block): HTMLElement {
  // Scrolled sideways by keyboard, too.
  const properties = tag === "pre" ? { tabindex: 0, role: "group", "aria-label": "Code" } : {};
  return make(tag, properties, ...children.map((child) => (typeof child === "string" ? child : blockElement(child))));
}
