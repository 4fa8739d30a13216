/**
 * A program in the fragment of a link, which browsers never send to a server.
 *
 * `#1` and base64url of deflated JSON; the digit is the version of this format.
 */

import { compact, type Program, programFrom } from "./program.ts";

const VERSION = "1";
/** Far more than a script may have: a link that unpacks to more is not one of ours. */
const MOST_BYTES = 4 << 20;

/** The fragment for a program, with its `#`. */
export async function toFragment(program: Program): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(compact(program)));
  return `#${VERSION}${toBase64(await pipe(text, new CompressionStream("deflate-raw")))}`;
}

/** The program in a fragment; null if there is none that can be read. */
export async function fromFragment(fragment: string): Promise<Program | null> {
  if (!fragment.startsWith(`#${VERSION}`)) return null;
  try {
    const packed = fromBase64(fragment.slice(2));
    const bytes = await pipe(packed, new DecompressionStream("deflate-raw"));
    return programFrom(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return null;
  }
}

async function pipe(bytes: Uint8Array<ArrayBuffer>, through: GenericTransformStream): Promise<Uint8Array<ArrayBuffer>> {
  const reader = (new Blob([bytes]).stream().pipeThrough(through) as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    size += value.length;
    if (size > MOST_BYTES) {
      await reader.cancel();
      throw new RangeError("the link holds too much");
    }
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
