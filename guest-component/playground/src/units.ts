/** Quantities for people. */

const SIZES = ["B", "KiB", "MiB", "GiB"] as const;
const COUNTS = ["", " k", " M", " G", " T"] as const;

export function bytes(value: number): string {
  return scaled(value, 1024, SIZES.map((unit) => ` ${unit}`));
}

export function count(value: number): string {
  return scaled(value, 1000, COUNTS);
}

export function milliseconds(value: number): string {
  if (value < 1000) return `${short(value)} ms`;
  return `${short(value / 1000)} s`;
}

function scaled(value: number, step: number, units: readonly string[]): string {
  let unit = 0;
  let left = value;
  while (left >= step && unit < units.length - 1) {
    left /= step;
    unit += 1;
  }
  return `${short(left)}${units[unit] ?? ""}`;
}

function short(value: number): string {
  if (value >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
