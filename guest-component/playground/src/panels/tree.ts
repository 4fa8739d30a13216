/** A JSON value as a tree that opens and closes. */

import { button, make } from "../dom.ts";
import { Exact, type Json, stringify } from "../exact.ts";

/** Members shown at once: more would make the page slow, and nobody reads them. */
const PAGE = 100;
/** Objects up to this depth and size start open. */
const OPEN_DEPTH = 2;
const OPEN_SIZE = 30;

/** The tree of a value. */
export function tree(value: Json): HTMLElement {
  return make("div", { class: "tree" }, node(value, 0, null));
}

function node(value: Json, depth: number, name: string | null): HTMLElement {
  const label = name === null ? null : make("span", { class: "json-name" }, name, ": ");
  if (!isContainer(value)) return make("div", { class: "leaf" }, label, scalar(value));
  const isArray = Array.isArray(value);
  const entries: [string, Json][] = isArray ? value.map((item, at) => [String(at), item]) : Object.entries(value);
  const count = `${entries.length} ${isArray ? "item" : "member"}${entries.length === 1 ? "" : "s"}`;
  if (entries.length === 0) return make("div", { class: "leaf" }, label, isArray ? "[]" : "{}");
  const preview = stringify(isArray ? value.slice(0, 8) : Object.fromEntries(entries.slice(0, 8)));
  const summary = make(
    "summary",
    {},
    label,
    make("span", { class: "json-count" }, `${isArray ? "[…]" : "{…}"} ${count} `),
    make("span", { class: "json-preview" }, preview.length > 60 ? `${preview.slice(0, 60)}…` : preview),
  );
  const details = make("details", {}, summary);
  // Children are made when they are first seen: a value may be as large as the server allows.
  const fill = () => {
    if (details.childElementCount === 1) details.append(page(entries, depth + 1, 0));
  };
  details.addEventListener("toggle", fill);
  if (depth < OPEN_DEPTH && entries.length <= OPEN_SIZE) {
    details.open = true;
    fill();
  }
  return details;
}

function page(entries: [string, Json][], depth: number, from: number): HTMLElement {
  const shown = entries.slice(from, from + PAGE);
  const list = make("div", { class: "children" }, ...shown.map(([name, item]) => node(item, depth, name)));
  const rest = entries.length - from - shown.length;
  if (rest > 0) {
    const more = button(`${rest} more`, () => more.replaceWith(page(entries, depth, from + PAGE)));
    list.append(more);
  }
  return list;
}

/** A value that holds no others. */
export function scalar(value: Json): HTMLElement {
  const kind = value === null ? "null" : value instanceof Exact ? "number" : typeof value;
  const text = value instanceof Exact ? value.digits : JSON.stringify(value);
  return make("span", { class: `json-${kind}` }, text);
}

export function isContainer(value: Json): value is Json[] | { [name: string]: Json } {
  return typeof value === "object" && value !== null && !(value instanceof Exact);
}
