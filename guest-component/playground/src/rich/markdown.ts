/**
 * Markdown, from the tokens that `marked` finds to a tree of what may be shown.
 *
 * HTML in it stays text, and a link is its text with the address beside it: where a script points
 * a visitor is for them to see, and nothing to be clicked.
 */

import { Lexer, type MarkedToken, type Token, type Tokens } from "marked";

/** A part of a text: its element, and what is in it. */
export interface Block {
  readonly tag: Tag;
  readonly children: readonly (Block | string)[];
  /** Of a cell that is not aligned to the left. */
  readonly align?: "right" | "center";
  /** The first number of a list. */
  readonly start?: number;
}

type Tag =
  | "h3" | "h4" | "h5" | "h6" | "p" | "ul" | "ol" | "li" | "blockquote" | "pre" | "hr" | "br"
  | "code" | "strong" | "em" | "del" | "table" | "thead" | "tbody" | "tr" | "th" | "td";

/** Longer text is shown as it is. */
const MOST_LENGTH = 100_000;
/** A longer paragraph has no emphasis and links: the time to find their ends grows by the square. */
const MOST_INLINE = 5_000;
/** Quotes in lists in quotes: deeper than anyone writes, and no danger to the browser's stack. */
const MOST_DEPTH = 50;
/** Below the panel's own heading. */
const HEADINGS = ["h3", "h4", "h5", "h6", "h6", "h6"] as const;
/** Those that text needs; to know all two thousand would take a parser of HTML. */
const REFERENCES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

class BoundedLexer extends Lexer {
  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    if (source.length <= MOST_INLINE) return super.inlineTokens(source, tokens);
    tokens.push({ type: "text", raw: source, text: source });
    return tokens;
  }
}

/** The blocks of a text, or null if it is too long or too deep. */
export function blocks(text: string): readonly (Block | string)[] | null {
  if (text.length > MOST_LENGTH) return null;
  try {
    return all(new BoundedLexer({ gfm: true }).lex(text));
  } catch {
    // Quotes in quotes without end exhaust the stack.
    return null;
  }
}

function all(tokens: readonly Token[] | undefined, depth = 0): (Block | string)[] {
  if (depth > MOST_DEPTH) throw new RangeError("too deep");
  return (tokens ?? []).flatMap((token) => one(token as MarkedToken, depth + 1));
}

function one(token: MarkedToken, depth: number): (Block | string) | (Block | string)[] {
  const inside = () => all("tokens" in token ? token.tokens : [], depth);
  switch (token.type) {
    case "space":
    case "def":
      return [];
    case "heading":
      return { tag: HEADINGS[token.depth - 1] ?? "h6", children: inside() };
    case "paragraph":
      return { tag: "p", children: inside() };
    case "blockquote":
    case "strong":
    case "em":
    case "del":
      return { tag: token.type, children: inside() };
    case "hr":
    case "br":
      return { tag: token.type, children: [] };
    case "code":
      return { tag: "pre", children: [token.text] };
    case "codespan":
      return { tag: "code", children: [token.text] };
    case "list":
      return list(token, depth);
    case "checkbox":
      return token.checked ? "☑ " : "☐ ";
    case "table":
      return table(token, depth);
    case "link":
    case "image":
      return link(token, inside());
    case "html":
      return token.block ? { tag: "p", children: [token.raw.trim()] } : token.raw;
    case "text":
      return token.tokens ? inside() : resolved(token.text);
    case "escape":
      return token.text;
    default:
      return token.raw;
  }
}

function list({ ordered, start, items }: Tokens.List, depth: number): Block {
  const children: Block[] = items.map((item) => ({ tag: "li", children: all(item.tokens, depth) }));
  if (!ordered) return { tag: "ul", children };
  return start === "" || start === 1 ? { tag: "ol", children } : { tag: "ol", children, start };
}

function table({ header, rows }: Tokens.Table, depth: number): Block {
  const row = (tag: "th" | "td", cells: readonly Tokens.TableCell[]): Block => ({
    tag: "tr",
    children: cells.map(({ tokens, align }): Block => {
      const cell: Block = { tag, children: all(tokens, depth) };
      return align === "right" || align === "center" ? { ...cell, align } : cell;
    }),
  });
  const head: Block = { tag: "thead", children: [row("th", header)] };
  const body: Block = { tag: "tbody", children: rows.map((cells) => row("td", cells)) };
  return { tag: "table", children: rows.length > 0 ? [head, body] : [head] };
}

/** What it is called, and where it leads if that doesn't say so already. */
function link(token: Tokens.Link | Tokens.Image, label: (Block | string)[]): (Block | string)[] {
  if (token.type === "link" && token.autolink) return [token.text];
  const address = resolved(token.href);
  if (token.text === "" || token.text === token.href) return [address];
  return [...(label.length > 0 ? label : [resolved(token.text)]), ` (${address})`];
}

/** Text, with the characters that its references stand for. */
function resolved(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return REFERENCES[name] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return point === 0 || point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
  });
}
