/** What the run cost, beside its limits. */

import type { RuntimeInfo, Usage } from "../answer.ts";
import { make } from "../dom.ts";
import type { Limit, Program } from "../program.ts";
import { bytes, count, milliseconds } from "../units.ts";
import { Panel } from "./panel.ts";

export class UsagePanel {
  readonly #panel = new Panel("usage");

  clear(): void {
    this.#panel.clear();
  }

  show(usage: Usage, program: Program, runtime: RuntimeInfo | null): void {
    const limit = (name: Limit) => Number(program[name]) || runtime?.limits.default[name] || null;
    const rows = [
      row("Time", usage.duration_ms, limit("timeout_ms"), milliseconds),
      row("Fuel", Number(usage.fuel), limit("fuel"), count),
      row("Memory", usage.memory_bytes, limit("memory_bytes"), bytes),
    ];
    this.#panel.show("Usage", [], make("dl", { class: "usage" }, ...rows.flat()));
  }
}

function row(name: string, used: number, most: number | null, text: (value: number) => string): Node[] {
  const words = most === null ? text(used) : `${text(used)} of ${text(most)}`;
  const value = make("dd", {}, make("span", {}, words));
  if (most !== null) {
    const meter = make("meter", { "aria-label": name });
    meter.max = most;
    meter.high = most * 0.8;
    meter.value = Math.min(used, most);
    meter.textContent = words;
    value.prepend(meter);
  }
  return [make("dt", {}, name), value];
}
