/**
 * How high a frame should be for the HTML in it.
 *
 * The frame may run no scripts and has no origin in common with the page, so nothing can measure
 * what is in it. This counts what makes HTML high, by the frame's own style sheet, and errs on the
 * side of a little too much; the reader has a button and a corner to make it larger.
 */

/** The height of what begins with each tag, in pixels. */
const HEIGHTS: readonly (readonly [RegExp, number])[] = [
  [/<tr[\s>]/gi, 26],
  [/<caption[\s>]/gi, 21],
  [/<(?:p|ul|ol|blockquote|pre|figure)[\s>]/gi, 34],
  [/<(?:li|dt|dd|br|div|option)[\s/>]/gi, 21],
  [/<h[1-6][\s>]/gi, 58],
  [/<(?:hr|summary|button|input|select)[\s/>]/gi, 26],
];
/** Of an image that doesn't say how high it is. */
const IMAGE = 200;
/** Characters in a line of text, in a frame as wide as the answer's column. */
const LINE = 80;
const LINE_HEIGHT = 21;
/** The margins of the frame's body, its border, and a bar to scroll sideways. */
const AROUND = 36;
const LEAST = 60;
const MOST_LENGTH = 10_000;
/** More than this is scrolled, so that other items stay in sight. */
export const MOST = 440;

export function frameHeight(html: string): number {
  // So much is hardly ever lower. It also bounds the time that this takes, which grows by the square.
  if (html.length > MOST_LENGTH) return MOST;
  // What is never seen.
  const seen = html.replaceAll(/<!--.*?-->|<(style|script|head|title|template)[\s>].*?<\/\1>/gis, "");
  let height = AROUND;
  for (const [tag, each] of HEIGHTS) height += each * (seen.match(tag)?.length ?? 0);
  for (const [image] of seen.matchAll(/<(?:img|svg|canvas|video|iframe)[\s>][^>]*/gi)) {
    const said = /\sheight\s*[=:]\s*["']?(\d{1,5})/i.exec(image)?.[1];
    height += said === undefined ? IMAGE : Number(said) + 8;
  }
  // Cells stand beside each other; other text has lines of its own.
  const outside = seen.replaceAll(/<table.*?<\/table>/gis, "").replaceAll(/<pre.*?<\/pre>/gis, "").replaceAll(/<[^>]*>/g, "");
  height += Math.ceil(outside.replaceAll(/\s+/g, " ").trim().length / LINE) * LINE_HEIGHT;
  for (const [pre] of seen.matchAll(/<pre.*?<\/pre>/gis)) height += pre.split("\n").length * LINE_HEIGHT;
  return Math.min(MOST, Math.max(LEAST, Math.round(height)));
}
