/** Formulas, from LaTeX to MathML, which browsers set by themselves. */

import temml from "temml";
import "temml/dist/Temml-Local.css";

const MATH = "http://www.w3.org/1998/Math/MathML";

/** Longer formulas are looked at by nobody, and slow to set. */
const MOST_LENGTH = 20_000;
/** Elements in elements: deeper than anyone writes by hand, and no danger to the browser's stack. */
const MOST_DEPTH = 100;
/** Of a rule or a space, in em and in points: it should not push everything else out of sight. */
const MOST_SIZE: [number, number] = [40, 400];
/** A formula that stands alone needs no definitions, and with them two thousand characters become five million. */
const DEFINING =
  /(?<!\\)(?:\\\\)*\\(?:[gex]?def|let|futurelet|global|long|(?:re)?newcommand|providecommand)(?![A-Za-z@])/;

/** The formula, or null if there is something in it that is not known, or nothing at all. */
export function formula(latex: string): Element | null {
  const source = withoutDelimiters(latex.trim());
  if (source.trim() === "" || source.length > MOST_LENGTH || DEFINING.test(source)) return null;
  const holder = document.createElement("div");
  try {
    temml.render(source, holder, {
      displayMode: true,
      // Half a formula with the rest in red would be worse than its source.
      throwOnError: true,
      // No links, images, classes or styles of the script's.
      trust: false,
      maxSize: MOST_SIZE,
    });
  } catch {
    // Not only its own errors: nesting without end exhausts the stack.
    return null;
  }
  return isSafe(holder) ? holder.firstElementChild : null;
}

/** Takes away names, which the page has of its own; false if there is anything that is not mathematics. */
function isSafe(holder: HTMLElement): boolean {
  if (holder.querySelector(Array(MOST_DEPTH).fill("*").join(">"))) return false;
  const all = [...holder.querySelectorAll("*")];
  for (const each of all) each.removeAttribute("id");
  // A span has the number of an equation. References between formulas are links.
  return all.every((each) => each.namespaceURI === MATH || each.localName === "span");
}

/** What is between `$…$` and its like. */
function withoutDelimiters(text: string): string {
  for (const [open, close] of [["$$", "$$"], ["$", "$"], ["\\[", "\\]"], ["\\(", "\\)"]] as const) {
    if (text.length >= open.length + close.length && text.startsWith(open) && text.endsWith(close)) {
      return text.slice(open.length, -close.length);
    }
  }
  return text;
}
