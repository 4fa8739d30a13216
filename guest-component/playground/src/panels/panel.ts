/** What every panel has: a heading, buttons beside it, and a body. */

import { byId, make } from "../dom.ts";

/** A part of the answer. It is hidden while it is empty, or if the page was asked to hide it. */
export class Panel {
  readonly #element: HTMLElement;

  constructor(name: string) {
    this.#element = byId(name);
  }

  clear(): void {
    this.#element.hidden = true;
    this.#element.replaceChildren();
  }

  /** Replaces what is shown. */
  show(title: string, tools: HTMLElement[], ...body: Node[]): void {
    const heading = make("h2", {}, title);
    const head = make("div", { class: "panel-head" }, heading, make("div", { class: "panel-tools" }, ...tools));
    this.#element.replaceChildren(head, ...body);
    this.#element.hidden = false;
  }
}
