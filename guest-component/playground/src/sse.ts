/** Server-sent events out of the text of a stream, by the rules of the HTML standard. */

export interface ServerEvent {
  readonly type: string;
  readonly data: string;
}

/** Takes a stream's text as it comes; a field or a line may arrive in pieces. */
export class EventParser {
  #rest = "";
  #type = "";
  #data: string[] = [];

  /** The events that this piece completes. */
  feed(piece: string): ServerEvent[] {
    // A CR at the end may be half of a CRLF.
    const text = this.#rest + piece;
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + text.slice(end);
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): ServerEvent[] {
    if (line === "") {
      const event = { type: this.#type || "message", data: this.#data.join("\n") };
      const isEvent = this.#data.length > 0;
      this.#type = "";
      this.#data = [];
      return isEvent ? [event] : [];
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#type = value;
    if (field === "data") this.#data.push(value);
    return [];
  }
}
