/** The program as the page shows it: every field but the script, which has the editor. */

import type { RuntimeInfo } from "./answer.ts";
import { byId } from "./dom.ts";
import { type Limit, LIMITS, type Mode, type Program, TEXTS } from "./program.ts";
import type { FieldProblem } from "./request.ts";
import { bytes, count, milliseconds } from "./units.ts";

type Field = Exclude<(typeof TEXTS)[number], "script">;

const FIELDS = TEXTS.filter((name): name is Field => name !== "script");

/** The box that each field is in, opened when the field matters. */
const BOX_OF: Readonly<Record<Field, string>> = {
  input: "input-box",
  stdin: "streams-box",
  args: "streams-box",
  env: "streams-box",
  timeout_ms: "limits-box",
  fuel: "limits-box",
  memory_bytes: "limits-box",
  output_bytes: "limits-box",
  seed: "limits-box",
};

export class Form {
  constructor(changed: () => void) {
    for (const name of FIELDS) field(name).addEventListener("input", changed);
    byId("mode").addEventListener("change", () => {
      this.#modeChanged();
      changed();
    });
    this.#modeChanged();
  }

  get mode(): Mode {
    return byId("mode").querySelector<HTMLInputElement>("input:checked")?.value === "program" ? "program" : "function";
  }

  /** The fields, without the script. */
  read(): Omit<Program, "script"> {
    const texts = Object.fromEntries(FIELDS.map((name) => [name, field(name).value])) as Record<Field, string>;
    return { mode: this.mode, ...texts };
  }

  /** Shows a program's fields, and opens the boxes that hold something. */
  write(program: Program): void {
    const radio = byId("mode").querySelector<HTMLInputElement>(`input[value="${program.mode}"]`);
    if (radio) radio.checked = true;
    for (const name of FIELDS) {
      field(name).value = program[name];
      if (program[name] !== "") this.#open(name);
    }
    this.#modeChanged();
  }

  /** Tells at each field what is wrong with it. */
  explain(problems: readonly FieldProblem[]): void {
    for (const name of FIELDS) {
      const problem = problems.find((each) => each.field === name);
      const element = field(name);
      if (problem) element.setAttribute("aria-invalid", "true");
      else element.removeAttribute("aria-invalid");
      const note = document.getElementById(`${name}-problem`);
      if (note && note.textContent !== (problem?.message ?? "")) note.textContent = problem?.message ?? "";
    }
  }

  /** Moves to a field. */
  focus(name: Field): void {
    this.#open(name);
    field(name).focus();
  }

  set(name: Field, value: string): void {
    field(name).value = value;
    field(name).dispatchEvent(new Event("input"));
  }

  /** Says what the limits are where none is given, and how far they go. */
  describeLimits(runtime: RuntimeInfo): void {
    const units: Record<Limit, (value: number) => string> = {
      timeout_ms: milliseconds,
      fuel: count,
      memory_bytes: bytes,
      output_bytes: bytes,
    };
    for (const limit of LIMITS) {
      const normal = runtime.limits.default[limit] ?? 0;
      const most = runtime.limits.maximum[limit] ?? 0;
      (field(limit) as HTMLInputElement).placeholder = String(normal);
      byId(`${limit}-note`).textContent = `${units[limit](normal)}, at most ${units[limit](most)}`;
    }
  }

  #open(name: Field): void {
    byId<HTMLDetailsElement>(BOX_OF[name]).open = true;
  }

  #modeChanged(): void {
    byId("input-box").hidden = this.mode === "program";
  }
}

function field(name: Field): HTMLInputElement | HTMLTextAreaElement {
  return byId<HTMLInputElement | HTMLTextAreaElement>(name);
}
