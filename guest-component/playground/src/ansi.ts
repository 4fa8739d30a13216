/** Text with ANSI escape sequences, as runs of text with a style. Colours apply, the rest is dropped. */

export interface Style {
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  inverse?: boolean;
  /** One of the 16 colours of a terminal, or a CSS colour. */
  color?: number | string;
  background?: number | string;
}

export interface Run {
  readonly text: string;
  readonly style: Style;
}

// CSI, OSC (ended by BEL or ST), and other escapes of two characters.
const ESCAPE = /\x1b(?:\[([0-?]*)([ -/]*[@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])/g;
/** Characters that would be drawn as boxes. */
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** The text alone. */
export function plain(text: string): string {
  return text.replace(ESCAPE, "").replace(CONTROL, "");
}

/** Splits text into runs. The style goes on from one text to the next: keep one for each stream. */
export class AnsiReader {
  #style: Style = {};

  read(text: string): Run[] {
    const runs: Run[] = [];
    let from = 0;
    const push = (to: number) => {
      const piece = text.slice(from, to).replace(CONTROL, "");
      if (piece !== "") runs.push({ text: piece, style: { ...this.#style } });
    };
    for (const match of text.matchAll(ESCAPE)) {
      push(match.index);
      from = match.index + match[0].length;
      if (match[2] === "m") this.#apply((match[1] ?? "").split(/[;:]/).map(Number));
    }
    push(text.length);
    return runs;
  }

  #apply(codes: number[]): void {
    for (let at = 0; at < codes.length; at++) {
      const code = codes[at] ?? 0;
      const style = this.#style;
      if (code === 0) this.#style = {};
      else if (code === 1) style.bold = true;
      else if (code === 2) style.dim = true;
      else if (code === 3) style.italic = true;
      else if (code === 4) style.underline = true;
      else if (code === 7) style.inverse = true;
      else if (code === 22) style.bold = style.dim = false;
      else if (code === 23) style.italic = false;
      else if (code === 24) style.underline = false;
      else if (code === 27) style.inverse = false;
      else if (code >= 30 && code <= 37) style.color = code - 30;
      else if (code >= 90 && code <= 97) style.color = code - 82;
      else if (code >= 40 && code <= 47) style.background = code - 40;
      else if (code >= 100 && code <= 107) style.background = code - 92;
      else if (code === 39) delete style.color;
      else if (code === 49) delete style.background;
      else if (code === 38 || code === 48) {
        const [color, used] = extended(codes.slice(at + 1));
        if (color !== null) style[code === 38 ? "color" : "background"] = color;
        at += used;
      }
    }
  }
}

/** A colour of the palette of 256, or of red, green and blue; and how many codes say so. */
function extended([kind, a = 0, b = 0, c = 0]: number[]): [number | string | null, number] {
  if (kind === 2) return [rgb(a, b, c), 4];
  if (kind !== 5) return [null, 1];
  if (a < 16) return [a, 2];
  if (a >= 232) return [rgb(8 + 10 * (a - 232), 8 + 10 * (a - 232), 8 + 10 * (a - 232)), 2];
  const level = (index: number) => (index === 0 ? 0 : 55 + 40 * index);
  const cube = a - 16;
  return [rgb(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)), 2];
}

function rgb(...channels: number[]): string {
  const bytes = channels.map((channel) => Math.min(255, Math.max(0, Math.trunc(channel) || 0)));
  return `rgb(${bytes.join(" ")})`;
}
