/** A list of records as a table. */

import { button, make } from "../dom.ts";
import { Exact, type Json, stringify } from "../exact.ts";
import { isContainer } from "./tree.ts";

type Row = { [name: string]: Json };

const PAGE = 100;
const MOST_COLUMNS = 60;
/** Rows that are looked at for their columns. */
const SAMPLE = 1000;

/** The rows of a value that is a list of records. */
export function records(value: Json): Row[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const isRecord = (item: Json) => isContainer(item) && !Array.isArray(item);
  return value.every(isRecord) ? (value as Row[]) : null;
}

/** The table of some rows. */
export function table(rows: Row[]): HTMLElement {
  const all = [...new Set(rows.slice(0, SAMPLE).flatMap((row) => Object.keys(row)))];
  const columns = all.slice(0, MOST_COLUMNS);
  const head = columns.map((name) => headCell(name, "col"));
  const body = make("tbody", {}, ...page(rows, columns, 0));
  const caption = `${rows.length} row${rows.length === 1 ? "" : "s"}, ${all.length} column${all.length === 1 ? "" : "s"}${
    all.length > columns.length ? `, the first ${columns.length} of them shown` : ""
  }`;
  const element = make(
    "table",
    {},
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, headCell("#", "col"), ...head)),
    body,
  );
  const frame = make("div", { class: "table", tabindex: 0, role: "region", "aria-label": "Table of the result" }, element);
  let shown = PAGE;
  if (rows.length > shown) {
    const more = button(`${rows.length - shown} more rows`, () => {
      body.append(...page(rows, columns, shown));
      shown += PAGE;
      if (shown >= rows.length) more.remove();
      else more.textContent = `${rows.length - shown} more rows`;
    });
    frame.append(more);
  }
  return frame;
}

function page(rows: Row[], columns: string[], from: number): HTMLElement[] {
  return rows.slice(from, from + PAGE).map((row, at) => {
    const cells = columns.map((name) => cell(Object.hasOwn(row, name) ? row[name] : undefined));
    return make("tr", {}, headCell(String(from + at), "row"), ...cells);
  });
}

function cell(value: Json | undefined): HTMLElement {
  if (value === undefined) return make("td");
  if (value instanceof Exact) return make("td", { class: "number" }, value.digits);
  if (typeof value === "number") return make("td", { class: "number" }, String(value));
  if (typeof value === "string") return make("td", {}, value);
  return make("td", { class: "quiet" }, stringify(value));
}

function headCell(text: string, scope: "col" | "row"): HTMLElement {
  const element = make("th", {}, text);
  element.scope = scope;
  return element;
}
