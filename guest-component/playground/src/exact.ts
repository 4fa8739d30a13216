/** JSON whose numbers are not rounded to what JavaScript can count with. */

/** A number that a `number` would change, as its digits. */
export class Exact {
  constructor(readonly digits: string) {}
}

export type Json = null | boolean | number | string | Exact | Json[] | { [name: string]: Json };

/** Parses JSON; in browsers that don't tell a reviver the source text, large numbers are rounded. */
export function parse(text: string): Json {
  const reviver = (_: string, value: unknown, context?: { source?: string }) =>
    typeof value === "number" && context?.source !== undefined && isChanged(value, context.source)
      ? new Exact(context.source)
      : value;
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown) as Json;
}

/** JSON text of a value, on one line or indented. */
export function stringify(value: Json, indent = "", inner = ""): string {
  if (value instanceof Exact) return value.digits;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const items = Array.isArray(value)
    ? value.map((item) => stringify(item, indent, inner + indent))
    : Object.entries(value).map(
        ([name, item]) => `${JSON.stringify(name)}: ${stringify(item, indent, inner + indent)}`,
      );
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (items.length === 0) return `${open}${close}`;
  if (indent === "") return `${open}${items.join(", ")}${close}`;
  const line = `\n${inner}${indent}`;
  return `${open}${line}${items.join(`,${line}`)}\n${inner}${close}`;
}

function isChanged(value: number, source: string): boolean {
  return /^-?[0-9]+$/.test(source) && !Number.isSafeInteger(value);
}
