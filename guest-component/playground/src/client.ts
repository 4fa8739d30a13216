/** Runs a request. What comes early is told early, if the server streams; the answer comes last. */

import type { Answer, DisplayItem } from "./answer.ts";
import { parse } from "./exact.ts";
import type { Request } from "./request.ts";
import { EventParser } from "./sse.ts";

export interface Listener {
  output(stream: "stdout" | "stderr", text: string): void;
  display(item: DisplayItem): void;
}

/** There was no answer, or none that we understand. */
export class NoAnswer extends Error {}

/** The answer to a request. Rejects with `NoAnswer`, or as `fetch` does when `signal` aborts. */
export async function run(request: Request, signal: AbortSignal, listener: Listener): Promise<Answer> {
  const response = await fetch(request.path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream, application/json;q=0.9" },
    body: request.body,
    signal,
    cache: "no-store",
  }).catch((error: unknown) => {
    throw signal.aborted ? error : new NoAnswer("The server can't be reached.");
  });
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream") && response.body) return stream(response.body, signal, listener);
  if (type.startsWith("application/json")) return parse(await response.text()) as Answer;
  throw new NoAnswer(`The server answered ${response.status} with something that is not JSON.`);
}

async function stream(body: ReadableStream<Uint8Array>, signal: AbortSignal, listener: Listener): Promise<Answer> {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw signal.aborted ? error : new NoAnswer("The connection broke before the answer came.");
    });
    if (done) throw new NoAnswer("The stream ended before the answer came.");
    for (const event of parser.feed(decoder.decode(value, { stream: true }))) {
      switch (event.type) {
        case "stdout":
        case "stderr":
          listener.output(event.type, parse(event.data) as string);
          break;
        case "display":
          listener.display(parse(event.data) as unknown as DisplayItem);
          break;
        case "result":
          await reader.cancel();
          return parse(event.data) as Answer;
      }
    }
  }
}
