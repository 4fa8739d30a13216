/**
 * What people use of Markdown: headings, paragraphs, lists, quotes, code, emphasis.
 *
 * HTML in it stays text, and a link is its text with the address beside it: where a script points
 * a visitor is for them to see, and nothing to be clicked.
 */

/** A part of a text: its element, and what is in it. */
export interface Block {
  readonly tag: "h3" | "h4" | "h5" | "h6" | "p" | "ul" | "ol" | "li" | "blockquote" | "pre" | "hr" | "code" | "strong" | "em" | "del";
  readonly children: readonly (Block | string)[];
}

/** Longer text is shown as it is. */
export const MOST_LENGTH = 100_000;
/** Quotes in quotes. */
const MOST_DEPTH = 8;

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^ {0,3}(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
/** Below the panel's own heading. */
const HEADINGS = ["h3", "h4", "h5", "h6", "h6", "h6"] as const;

/** The blocks of a text. */
export function blocks(text: string, depth = 0): Block[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const found: Block[] = [];
  let at = 0;
  const taken = (pattern: RegExp) => {
    const from = at;
    while (at < lines.length && pattern.test(lines[at] as string)) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at] as string;
    const heading = HEADING.exec(line);
    const fence = FENCE.exec(line)?.[1];
    if (line.trim() === "") at += 1;
    else if (fence) {
      const end = lines.findIndex((each, index) => index > at && each.trim().startsWith(fence));
      const code = lines.slice(at + 1, end < 0 ? lines.length : end);
      found.push({ tag: "pre", children: [code.join("\n")] });
      at = end < 0 ? lines.length : end + 1;
    } else if (heading) {
      const tag = HEADINGS[(heading[1] ?? "#").length - 1] ?? "h6";
      // Some close what they opened: `# Title #`.
      found.push({ tag, children: inline((heading[2] ?? "").trimEnd().replace(/ #+$/, "").trimEnd()) });
      at += 1;
    } else if (RULE.test(line)) {
      found.push({ tag: "hr", children: [] });
      at += 1;
    } else if (QUOTE.test(line) && depth < MOST_DEPTH) {
      const quoted = taken(QUOTE).map((each) => each.replace(QUOTE, ""));
      found.push({ tag: "blockquote", children: blocks(quoted.join("\n"), depth + 1) });
    } else if (ITEM.test(line)) {
      const isOrdered = ITEM.exec(line)?.[1] !== undefined;
      found.push({ tag: isOrdered ? "ol" : "ul", children: items(taken(/^(?: {0,3}(?:[-*+]|\d{1,9}[.)])\s| +\S)/)) });
    } else {
      const from = at;
      at += 1;
      while (at < lines.length && !endsParagraph(lines[at] as string)) at += 1;
      found.push({ tag: "p", children: inline(lines.slice(from, at).join("\n")) });
    }
  }
  return found;
}

function endsParagraph(line: string): boolean {
  return line.trim() === "" || [FENCE, HEADING, RULE, QUOTE, ITEM].some((pattern) => pattern.test(line));
}

/** The items of a list; a line that begins none goes on with the last. */
function items(lines: readonly string[]): Block[] {
  const texts: string[] = [];
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (item) texts.push(item[2] ?? "");
    else texts.push(`${texts.pop() ?? ""}\n${line.trim()}`);
  }
  return texts.map((text) => ({ tag: "li", children: inline(text) }));
}

/** Code, strong, emphasised, struck out, images and links; the marks must touch what they mark. */
const INLINE =
  /\\([\\`*_{}[\]()#+\-.!>~|])|(`+)(.+?)\2(?!`)|\*\*(?=\S)([^*]+?)\*\*|__(?=\S)([^_]+?)__(?!\w)|\*(?=\S)([^*]+?)\*|(?<!\w)_(?=\S)([^_]+?)_(?!\w)|~~(?=\S)([^~]+?)~~|!?\[([^[\]]*)\]\(([^()\s]+)\)/gs;

function inline(text: string): (Block | string)[] {
  const found: (Block | string)[] = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    found.push(text.slice(at, match.index));
    at = match.index + match[0].length;
    const [, escaped, , code, strong, strong2, em, em2, struck, label, address] = match;
    if (escaped !== undefined) found.push(escaped);
    else if (code !== undefined) found.push({ tag: "code", children: [code] });
    else if ((strong ?? strong2) !== undefined) found.push({ tag: "strong", children: [(strong ?? strong2) as string] });
    else if ((em ?? em2) !== undefined) found.push({ tag: "em", children: [(em ?? em2) as string] });
    else if (struck !== undefined) found.push({ tag: "del", children: [struck] });
    else found.push(label === "" || label === address ? `${address}` : `${label} (${address})`);
  }
  found.push(text.slice(at));
  return found.filter((part) => part !== "");
}
