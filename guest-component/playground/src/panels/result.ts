/** The value that `main` returned, or how a program ended. */

import type { Answer } from "../answer.ts";
import { button, make } from "../dom.ts";
import { type Json, stringify } from "../exact.ts";
import { copyButton } from "./clipboard.ts";
import { Panel } from "./panel.ts";
import { records, table } from "./table.ts";
import { isContainer, tree } from "./tree.ts";

/** The most of a value's text that is shown raw. */
const MOST_RAW = 200_000;

export class ResultPanel {
  readonly #panel = new Panel("result");

  clear(): void {
    this.#panel.clear();
  }

  show(answer: Answer): void {
    if (answer.result !== undefined) this.#value(answer.result);
    else if (answer.error === undefined && answer.exit_code !== undefined) {
      this.#panel.show("Exit status", [], make("p", { class: "exit" }, String(answer.exit_code)));
    } else this.clear();
  }

  #value(value: Json): void {
    const rows = records(value);
    const views: [string, () => HTMLElement][] = [];
    if (rows) views.push(["Table", () => table(rows)]);
    views.push(["Tree", () => tree(value)]);
    if (isContainer(value)) views.push(["JSON", () => raw(value)]);
    const body = make("div", { class: "panel-body" });
    const buttons = views.map(([name, view], at) =>
      button(name, () => choose(at, view), { "aria-pressed": "false" }),
    );
    const choose = (chosen: number, view: () => HTMLElement) => {
      buttons.forEach((each, at) => each.setAttribute("aria-pressed", String(at === chosen)));
      body.replaceChildren(view());
    };
    const first = views[0];
    if (first) choose(0, first[1]);
    const choice = make("div", { class: "choice", role: "group", "aria-label": "View" }, ...buttons);
    const tools = [copyButton(() => stringify(value, "  "), "Result")];
    this.#panel.show("Result", views.length > 1 ? [choice, ...tools] : tools, body);
  }
}

function raw(value: Json): HTMLElement {
  const text = stringify(value, "  ");
  const shown = text.length > MOST_RAW ? `${text.slice(0, MOST_RAW)}\n… (Copy gives all of it)` : text;
  return make("pre", { tabindex: 0, "aria-label": "Result as JSON" }, shown);
}
