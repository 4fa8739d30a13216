/**
 * Formulas as sympy and people write them, from LaTeX to MathML, which browsers set by themselves.
 *
 * A part of LaTeX and no more: what is not known here makes the whole formula unknown, and the page
 * then shows its source. A formula that is half right would be worse.
 */

import { ACCENTS, INTEGRALS, LARGE, LETTERS, LIMITS, NAMES, OPERATORS, SPACES } from "./symbols.ts";

/** An element of MathML. */
export interface MathNode {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (MathNode | string)[];
}

class Unknown extends Error {}

/** Deeper than anyone writes by hand, and no danger to the stack. */
const MOST_DEPTH = 100;
/** Longer formulas are looked at by nobody, and slow to set. */
const MOST_LENGTH = 20_000;

/** The formula, or null if there is something in it that is not known here. */
export function formula(latex: string): MathNode | null {
  const source = withoutDelimiters(latex.trim());
  if (source === null || source.length > MOST_LENGTH) return null;
  try {
    return element("math", [new Parser(source).all()], { display: "block", alttext: source });
  } catch (error) {
    if (error instanceof Unknown) return null;
    throw error;
  }
}

/** What is between `$…$` and its like; null if that is not all there is. */
function withoutDelimiters(text: string): string | null {
  for (const [open, close] of [["$$", "$$"], ["$", "$"], ["\\[", "\\]"], ["\\(", "\\)"]] as const) {
    if (text.length >= open.length + close.length && text.startsWith(open) && text.endsWith(close)) {
      const inner = text.slice(open.length, -close.length);
      return /(^|[^\\])\$/.test(inner) ? null : inner;
    }
  }
  return /(^|[^\\])\$/.test(text) ? null : text;
}

function element(
  tag: string,
  children: readonly (MathNode | string)[],
  attributes: Readonly<Record<string, string>> = {},
): MathNode {
  return { tag, attributes, children };
}

const row = (nodes: MathNode[]): MathNode => (nodes.length === 1 && nodes[0] ? nodes[0] : element("mrow", nodes));
const operator = (text: string, attributes = {}) => element("mo", [text], attributes);

/** A command, a run of digits, or one character. */
const TOKEN = /\\[A-Za-z]+\*?|\\[^A-Za-z]|[0-9]+(?:\.[0-9]+)?|\s+|[^]/gu;
const MATRICES: Readonly<Record<string, readonly [string, string]>> = {
  matrix: ["", ""], array: ["", ""], smallmatrix: ["", ""], aligned: ["", ""], align: ["", ""],
  pmatrix: ["(", ")"], bmatrix: ["[", "]"], Bmatrix: ["{", "}"], vmatrix: ["|", "|"], Vmatrix: ["‖", "‖"],
  cases: ["{", ""],
};
const VARIANTS: Readonly<Record<string, (text: string) => MathNode>> = {
  text: (text) => element("mtext", [text.replace(/^ | $/g, "\u00a0")]),
  textrm: (text) => element("mtext", [text]),
  mathrm: (text) => element("mi", [text], { mathvariant: "normal" }),
  operatorname: (text) => element("mi", [text], { mathvariant: "normal" }),
  mathbf: (text) => element("mi", [text], { class: "bold" }),
  mathit: (text) => element("mi", [text]),
  mathtt: (text) => element("mi", [text], { class: "mono", mathvariant: "normal" }),
  mathbb: (text) => element("mi", [[...text].map(blackboard).join("")], { mathvariant: "normal" }),
};

/** ℝ and the like, of which some have been characters for longer than the others. */
function blackboard(letter: string): string {
  const old: Readonly<Record<string, string>> = { C: "ℂ", H: "ℍ", N: "ℕ", P: "ℙ", Q: "ℚ", R: "ℝ", Z: "ℤ" };
  if (!/^[A-Z]$/.test(letter)) throw new Unknown();
  return old[letter] ?? String.fromCodePoint(0x1d538 + letter.charCodeAt(0) - 65);
}

class Parser {
  readonly #tokens: string[];
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#tokens = source.match(TOKEN) ?? [];
  }

  all(): MathNode {
    const nodes = this.#until(() => false);
    if (this.#at < this.#tokens.length || nodes.length === 0) throw new Unknown();
    return row(nodes);
  }

  #peek(): string | undefined {
    while (/^\s+$/.test(this.#tokens[this.#at] ?? "")) this.#at += 1;
    return this.#tokens[this.#at];
  }

  #take(): string {
    const token = this.#peek();
    if (token === undefined) throw new Unknown();
    this.#at += 1;
    return token;
  }

  #expect(token: string): void {
    if (this.#take() !== token) throw new Unknown();
  }

  /** Everything up to a token that ends it, which is left. */
  #until(ends: (token: string) => boolean): MathNode[] {
    const nodes: MathNode[] = [];
    for (let token = this.#peek(); token !== undefined && !ends(token); token = this.#peek()) {
      const base = this.#atom();
      if (base) nodes.push(this.#scripts(base));
    }
    return nodes;
  }

  /** What stands below and above right of something. */
  #scripts(base: MathNode): MathNode {
    let [below, above]: (MathNode | null)[] = [null, null];
    let primes = "";
    for (;;) {
      const token = this.#peek();
      if (token === "'") {
        this.#at += 1;
        primes += "′";
      } else if (token === "^" && !above) {
        this.#at += 1;
        above = this.#argument();
      } else if (token === "_" && !below) {
        this.#at += 1;
        below = this.#argument();
      } else if (token === "\\limits" || token === "\\nolimits") this.#at += 1;
      else break;
    }
    if (primes) above = above ? element("mrow", [operator(primes), above]) : operator(primes);
    if (!below && !above) return base;
    const isStacked = base.attributes["movablelimits"] !== undefined;
    const [both, low, high] = isStacked ? ["munderover", "munder", "mover"] : ["msubsup", "msub", "msup"];
    if (below && above) return element(both as string, [base, below, above]);
    return below ? element(low as string, [base, below]) : element(high as string, [base, above as MathNode]);
  }

  /** A group in braces, or the one thing that comes next. */
  #argument(): MathNode {
    const atom = this.#atom();
    return atom ?? element("mrow", []);
  }

  /** The text of a group, as it is. */
  #raw(): string {
    this.#expect("{");
    let text = "";
    while (this.#tokens[this.#at] !== undefined && this.#tokens[this.#at] !== "}") text += this.#tokens[this.#at++];
    this.#expect("}");
    const plain = text.replaceAll(/\\([_ {}%&#$])/g, "$1");
    if (/[\\{]/.test(plain.replaceAll(/[{}]/g, ""))) throw new Unknown();
    return plain;
  }

  /** One thing; null for what is not seen. */
  #atom(): MathNode | null {
    if (++this.#depth > MOST_DEPTH) throw new Unknown();
    const atom = this.#thing();
    this.#depth -= 1;
    return atom;
  }

  #thing(): MathNode | null {
    const token = this.#take();
    if (token === "{") {
      const nodes = this.#until((next) => next === "}");
      this.#expect("}");
      return row(nodes);
    }
    if (token.startsWith("\\") && token.length > 1) return this.#command(token.slice(1));
    if (/^[0-9]/.test(token)) return element("mn", [token]);
    if (/^\p{L}$/u.test(token)) return element("mi", [token]);
    if (token === "-") return operator("−");
    if (token === "~") return element("mspace", [], { width: "0.25em" });
    if (/^[+*/=<>()[\]|,.;:!?]$/.test(token)) return operator(token, /[()[\]|]/.test(token) ? { stretchy: "false" } : {});
    throw new Unknown();
  }

  #command(name: string): MathNode | null {
    const found = simple(name);
    if (found) return found;
    switch (name) {
      case "displaystyle":
      case "textstyle":
        return null;
      case "frac":
      case "dfrac":
      case "tfrac":
        return element("mfrac", [this.#argument(), this.#argument()]);
      case "binom": {
        const pair = element("mfrac", [this.#argument(), this.#argument()], { linethickness: "0" });
        return element("mrow", [operator("("), pair, operator(")")]);
      }
      case "sqrt":
        return this.#root();
      case "left":
        return this.#fenced();
      case "begin":
        return this.#matrix();
    }
    const accent = ACCENTS.get(name);
    if (accent) return element("mover", [this.#argument(), operator(accent)], { accent: "true" });
    const variant = Object.hasOwn(VARIANTS, name.replace("*", "")) ? VARIANTS[name.replace("*", "")] : undefined;
    if (variant) return variant(this.#raw());
    throw new Unknown();
  }

  #root(): MathNode {
    if (this.#peek() !== "[") return element("msqrt", [this.#argument()]);
    this.#at += 1;
    const degree = row(this.#until((token) => token === "]"));
    this.#expect("]");
    return element("mroot", [this.#argument(), degree]);
  }

  #fence(): MathNode {
    const token = this.#take();
    if (token === ".") return operator("");
    const text = token.startsWith("\\") ? OPERATORS.get(token.slice(1)) : /^[()[\]|/<>]$/.test(token) ? token : undefined;
    if (text === undefined) throw new Unknown();
    return operator(text, { stretchy: "true", fence: "true" });
  }

  #fenced(): MathNode {
    const open = this.#fence();
    const inner = this.#until((token) => token === "\\right");
    this.#expect("\\right");
    return element("mrow", [open, ...inner, this.#fence()]);
  }

  #matrix(): MathNode {
    const name = this.#raw();
    const fences = Object.hasOwn(MATRICES, name.replace("*", "")) ? MATRICES[name.replace("*", "")] : undefined;
    if (!fences) throw new Unknown();
    // The columns' alignment, which we leave to the browser.
    if (name === "array") this.#raw();
    const rows: MathNode[][] = [[]];
    for (;;) {
      const cell = this.#until((token) => token === "&" || token === "\\\\" || token === "\\end");
      const end = this.#take();
      const isEmptyLast = end === "\\end" && cell.length === 0 && rows.at(-1)?.length === 0;
      if (!isEmptyLast) rows.at(-1)?.push(element("mtd", cell));
      if (end === "\\end") break;
      if (end === "\\\\") rows.push([]);
    }
    if (this.#raw() !== name) throw new Unknown();
    const cells = rows.filter((each) => each.length > 0).map((each) => element("mtr", each));
    const [open, close] = fences;
    const table = element("mtable", cells, name === "cases" ? { class: "cases" } : {});
    const fence = (text: string) => operator(text, { stretchy: "true", fence: "true" });
    return element("mrow", [...(open ? [fence(open)] : []), table, ...(close ? [fence(close)] : [])]);
  }
}

/** A command that takes nothing. */
function simple(name: string): MathNode | null {
  const letter = LETTERS.get(name);
  if (letter) return element("mi", [letter]);
  const sign = OPERATORS.get(name);
  if (sign) return operator(sign, { stretchy: "false" });
  const large = LARGE.get(name);
  if (large) return operator(large, { movablelimits: "false", largeop: "true" });
  const integral = INTEGRALS.get(name);
  if (integral) return operator(integral, { largeop: "true" });
  if (NAMES.has(name)) return element("mi", [name], { mathvariant: "normal" });
  if (LIMITS.has(name)) return operator(name, { movablelimits: "false", class: "name" });
  const space = SPACES.get(name);
  return space === undefined ? null : element("mspace", [], { width: space });
}
