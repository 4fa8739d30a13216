/** What was last typed, kept in this browser. */

import { compact, type Program, programFrom } from "./program.ts";

const KEY = "belljar.draft";

/** The draft, if there is one and the browser lets us read it. */
export function load(): Program | null {
  try {
    const text = localStorage.getItem(KEY);
    return text === null ? null : programFrom(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Keeps a program. A full or forbidden store is no reason to disturb anyone. */
export function save(program: Program): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(compact(program)));
  } catch {
    // Nothing to be done about it, and nothing lost that is on the screen.
  }
}
