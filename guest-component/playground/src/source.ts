/** The script being edited: in a plain text area at first, in the editor once that has arrived. */

import { byId } from "./dom.ts";

export interface Editor {
  text: string;
  focus(): void;
  /** Marks the line of an error; null for none. */
  mark(line: number | null): void;
  /** Puts the cursor there. Counted from 1, columns in characters. */
  goTo(line: number, column?: number): void;
}

/** The script, wherever it is edited at the moment. */
export class Source implements Editor {
  #editor: Editor;
  readonly #area = byId<HTMLTextAreaElement>("plain-editor");

  constructor(
    readonly changed: () => void,
    readonly run: () => void,
    readonly readOnly: boolean,
  ) {
    this.#area.readOnly = readOnly;
    this.#area.addEventListener("input", changed);
    this.#editor = areaEditor(this.#area);
  }

  /** Loads the editor and moves the script into it. Without it the text area goes on working. */
  async upgrade(): Promise<void> {
    const { createEditor } = await import("./editor.ts");
    const hadFocus = document.activeElement === this.#area;
    const text = this.#area.value;
    const { changed, run, readOnly } = this;
    const editor = createEditor({ parent: byId("editor"), text, readOnly, changed, run });
    this.#area.remove();
    this.#editor = editor;
    if (hadFocus) editor.focus();
    document.body.dataset["editor"] = "ready";
  }

  get text(): string {
    return this.#editor.text;
  }

  set text(value: string) {
    if (value !== this.#editor.text) this.#editor.text = value;
  }

  focus(): void {
    this.#editor.focus();
  }

  mark(line: number | null): void {
    this.#editor.mark(line);
  }

  goTo(line: number, column?: number): void {
    this.#editor.goTo(line, column);
  }
}

function areaEditor(area: HTMLTextAreaElement): Editor {
  return {
    get text() {
      return area.value;
    },
    set text(value) {
      area.value = value;
    },
    focus: () => area.focus(),
    mark: () => undefined,
    goTo(line, column = 1) {
      const before = area.value.split("\n").slice(0, line - 1);
      const at = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
      area.focus();
      area.setSelectionRange(at, at);
    },
  };
}
