/** What the server answers. */

import type { Json } from "./exact.ts";

/** Something to look at: a figure, a table, a formula. */
export interface DisplayItem {
  readonly mime: string;
  /** Text, or base64 for what is not text; a value for JSON. */
  readonly data: Json;
  /** The same in words. */
  readonly alt?: string;
}

export interface Usage {
  readonly duration_ms: number;
  readonly fuel: number;
  readonly memory_bytes: number;
  readonly memory_pages: number;
}

/** The body of an answer, whatever its status. */
export interface Answer {
  readonly result?: Json;
  readonly exit_code?: number;
  readonly error?: string;
  readonly error_type?: string;
  readonly traceback?: string;
  readonly line?: number;
  readonly column?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly display?: readonly DisplayItem[];
  readonly usage?: Usage;
  readonly truncated?: readonly string[];
  readonly request_id?: string;
}

/** What the server says of itself. */
export interface RuntimeInfo {
  readonly python_version: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<"default" | "maximum", Readonly<Record<string, number>>>>;
  readonly features: readonly string[];
}
