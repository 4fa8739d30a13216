/** Copying, with word of it for those who don't see. */

import { button, byId } from "../dom.ts";

/** Copies text and says so. */
export async function copy(text: string, what: string): Promise<boolean> {
  const status = byId("status");
  try {
    await navigator.clipboard.writeText(text);
    status.textContent = `${what} copied.`;
    return true;
  } catch {
    // No permission, or no secure origin.
    status.textContent = `The browser does not let this page copy; ${what.toLowerCase()} was not copied.`;
    return false;
  }
}

export function copyButton(text: () => string, what: string): HTMLButtonElement {
  return button("Copy", () => void copy(text(), what), { "aria-label": `Copy ${what.toLowerCase()}` });
}
